import { broadcastShapes, eachIndex, frontAxis, NdArray, offsetOf } from './array.ts';

/** NumPy's `take_along_axis`. */
export function takeAlong(x: NdArray, indices: NdArray, axis: number): NdArray {
  const along = frontAxis(axis, x.rank);
  const others = broadcastShapes(x.shape.with(along, 1), indices.shape.with(along, 1));
  const wide = x.expand(others.with(along, x.shape[along]!));
  const shape = others.with(along, indices.shape[along]!);
  const at = indices.expand(shape);
  return NdArray.build(shape, (index) => wide.at(...index.with(along, at.at(...index))));
}

/** Its inverse direction: updates added up at indices along an axis of `size`. */
export function scatterAlong(
  updates: NdArray,
  indices: NdArray,
  size: number,
  axis: number,
): NdArray {
  const along = frontAxis(axis, updates.rank);
  const out = new NdArray(updates.shape.with(along, size));
  eachIndex(updates.shape, (index, position) => {
    const offset = offsetOf(index.with(along, indices.data[position]!), out.strides);
    out.data[offset]! += updates.data[position]!;
  });
  return out;
}

/** The parts of `x` at the positions in the last axis of `indices`. */
export function gatherNd(x: NdArray, indices: NdArray): NdArray {
  const lead = indices.shape.slice(0, -1);
  const coordinates = indices.shape.at(-1)!;
  return NdArray.build([...lead, ...x.shape.slice(coordinates)], (index) => {
    const row = index.slice(0, lead.length);
    const position = Array.from({ length: coordinates }, (_, k) => indices.at(...row, k));
    return x.at(...position, ...index.slice(lead.length));
  });
}

/** Zeros, to which updates are added at the positions in the last axis of `indices`. */
export function scatterNd(indices: NdArray, updates: NdArray, shape: readonly number[]): NdArray {
  const rank = indices.rank - 1;
  const out = new NdArray(shape);
  eachIndex(updates.shape, (index, position) => {
    const row = index.slice(0, rank);
    const target = Array.from({ length: indices.shape[rank]! }, (_, k) => indices.at(...row, k));
    const offset = offsetOf([...target, ...index.slice(rank)], out.strides);
    out.data[offset]! += updates.data[position]!;
  });
  return out;
}

/** Updates take the place of parts in the order in which they come. */
export function scatterUpdate(x: NdArray, indices: NdArray, updates: NdArray): NdArray {
  const k = indices.shape.at(-1) as number;
  const width = x.shape.slice(k).reduce((n, size) => n * size, 1);
  const data = [...x.data];
  for (let row = 0; row < indices.size / k; row++) {
    let at = 0;
    for (let i = 0; i < k; i++) at = at * x.shape[i]! + indices.data[row * k + i]!;
    for (let i = 0; i < width; i++) data[at * width + i] = updates.data[row * width + i]!;
  }
  return new NdArray(x.shape, data);
}
