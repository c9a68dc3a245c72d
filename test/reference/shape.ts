/** Shapes and positions of row-major arrays. */
export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((size, extent) => size * extent, 1);

/** How far apart two neighbours along each axis lie in the data. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** The position in the data of a full index. */
export const offsetOf = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((offset, at, axis) => offset + at * strides[axis]!, 0);

/** Calls `visit` with every index of `shape` in row-major order; the index array is reused. */
export function eachIndex(
  shape: Shape,
  visit: (index: readonly number[], position: number) => void,
): void {
  const size = sizeOf(shape);
  const index = shape.map(() => 0);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** An axis counted from the front, where a negative one counts from the end. */
export function frontAxis(axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(front) || front < 0 || front >= rank) {
    throw new RangeError(`axis ${axis} of an array of ${rank} axes`);
  }
  return front;
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** NumPy's rule: aligned at the last axis, extents agree or one of them is 1. */
export function broadcastShapes(...shapes: Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let extent = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1) continue;
      if (extent !== 1 && extent !== own) {
        throw new RangeError(`shapes ${shapes.map((s) => `[${s}]`).join(', ')} do not broadcast`);
      }
      extent = own;
    }
    return extent;
  });
}
