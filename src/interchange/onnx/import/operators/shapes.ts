import { ShapeError } from '../../../../errors.ts';
import { product } from '../../../../kernels/launch.ts';
import { full, tensor } from '../../../../tensor/ops/creation.ts';
import { concat } from '../../../../tensor/ops/joining.ts';
import { depthToSpace, spaceToDepth } from '../../../../tensor/ops/rearranging/blocks.ts';
import { tril, triu } from '../../../../tensor/ops/rearranging/diagonals.ts';
import { tile } from '../../../../tensor/ops/rearranging/repeating.ts';
import { broadcastShapes, sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import { dtypeOfElements, INT64 } from '../../tensor-proto.ts';
import type { Operator, OperatorCall } from './call.ts';
import { hostTensor } from './host-values.ts';
import { channelsFirst, channelsLast } from './layout.ts';

function at(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function reshape(call: OperatorCall): AnyTensor {
  const { x } = call;
  const sizes = call.axesFrom('shape', 1) ?? [];
  const keepsZeros = call.flag('allowzero');
  return x.reshape(sizes.map((size, i) => (size === 0 && !keepsZeros ? sizeOf(x.shape, i) : size)));
}

function flatten(call: OperatorCall): AnyTensor {
  const { x } = call;
  const axis = at(call.int('axis', 1), x.rank);
  return x.reshape([product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]);
}

function unsqueeze(call: OperatorCall): AnyTensor {
  const axes = call.axesFrom('axes', 1) ?? [];
  const rank = call.x.rank + axes.length;
  const sorted = axes.map((axis) => at(axis, rank)).sort((a, b) => a - b);
  return sorted.reduce((x: AnyTensor, axis) => x.unsqueeze(axis), call.x);
}

function split(call: OperatorCall): readonly AnyTensor[] {
  const axis = call.int('axis', 0);
  const sizes = call.axesFrom('split', 1);
  if (sizes) return call.x.split(sizes, axis);
  const count = call.int('num_outputs', call.outputCount);
  const length = sizeOf(call.x.shape, at(axis, call.x.rank));
  const each = Math.ceil(length / count);
  // The last part is shorter where the length does not divide.
  const parts = Array.from({ length: count }, (_, i) => Math.min(each, length - i * each));
  return call.x.split(parts, axis);
}

function slice(call: OperatorCall): AnyTensor {
  const starts = call.axesFrom('starts', 1) ?? [];
  const ends = call.axesFrom('ends', 2) ?? [];
  const { rank } = call.x;
  const axes = (call.axesFrom('axes', 3) ?? Array.from(starts.keys())).map((axis) =>
    at(axis, rank),
  );
  const steps = call.known(4) ?? starts.map(() => 1);
  const byAxis = <T>(given: readonly number[], otherwise: T) =>
    Array.from({ length: rank }, (_, axis) => given[axes.indexOf(axis)] ?? otherwise);
  return call.x.slice(byAxis(starts, undefined), byAxis(ends, undefined), byAxis(steps, 1));
}

function pad(call: OperatorCall): AnyTensor {
  const { x } = call;
  const mode = call.text('mode', 'constant');
  const pads = call.axesFrom('pads', 1) ?? [];
  const axes = (call.known(3) ?? Array.from(x.shape.keys())).map((axis) => at(axis, x.rank));
  const [value = call.float('value', 0)] = call.known(2) ?? [];
  return axes.reduce((padded: AnyTensor, axis, i) => {
    const [before, after] = [sizeOf(pads, i), sizeOf(pads, i + axes.length)];
    // A negative width takes away.
    const inner = padded.slice(
      padded.shape.map((_, k) => (k === axis ? Math.max(0, -before) : 0)),
      padded.shape.map((size, k) => (k === axis ? size + Math.min(after, 0) : size)),
    );
    const widths = [Math.max(before, 0), Math.max(after, 0)] as const;
    if (mode === 'constant')
      return inner.pad(
        inner.shape.map((_, k) => (k === axis ? widths : ([0, 0] as const))),
        value,
      );
    return padByOwn(inner, axis, widths, mode, call);
  }, x);
}

/** Pads by elements of the tensor itself: their mirror image, those at the edge, or from the other end. */
function padByOwn(
  x: AnyTensor,
  axis: number,
  [before, after]: readonly [number, number],
  mode: string,
  call: OperatorCall,
): AnyTensor {
  const size = sizeOf(x.shape, axis);
  const places: Readonly<Record<string, (i: number) => number>> = {
    edge: (i) => Math.min(Math.max(i, 0), size - 1),
    reflect: (i) => {
      const period = Math.max(1, 2 * (size - 1));
      const within = ((i % period) + period) % period;
      return within < size ? within : period - within;
    },
    wrap: (i) => ((i % size) + size) % size,
  };
  const place = places[mode];
  if (!place) throw call.unsupported(`mode '${mode}'`);
  const indices = Int32Array.from({ length: before + size + after }, (_, i) => place(i - before));
  return x.gather(tensor(indices, [indices.length]), axis);
}

function range(call: OperatorCall): AnyTensor {
  const [start, limit, delta] = [0, 1, 2].map((i) => call.known(i)?.[0] ?? 0) as [
    number,
    number,
    number,
  ];
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  const values = Array.from({ length }, (_, i) => start + i * delta);
  return hostTensor(values, [length], call.x.dtype);
}

function constant(call: OperatorCall): AnyTensor {
  const value = call.tensor('value');
  if (value) return tensor(value.data, value.shape, { dtype: value.dtype });
  const floats = call.floats('value_floats');
  if (floats) return hostTensor(floats, [floats.length], 'f32');
  const ints = call.ints('value_ints');
  if (ints) return hostTensor(ints, [ints.length], 'i32');
  const int = call.int('value_int');
  return int === undefined ? tensor(call.float('value_float', 0)) : hostTensor([int], [], 'i32');
}

/** Words without a sign stay what they are among the numbers of 64 bits, which i32 stands for otherwise. */
function cast(call: OperatorCall): AnyTensor {
  const to = call.int('to', 1);
  const isKept = to === INT64 && call.x.dtype === 'u32';
  return isKept ? call.x : call.x.cast(dtypeOfElements(to, call.what));
}

function constantOfShape(call: OperatorCall): AnyTensor {
  const value = call.tensor('value');
  return full(call.known(0) ?? [], value?.data[0] ?? 0, { dtype: value?.dtype ?? 'f32' });
}

function shapeOf(call: OperatorCall): AnyTensor {
  const { shape } = call.x;
  const part = shape.slice(call.int('start', 0), call.int('end'));
  return hostTensor(part, [part.length], 'i32');
}

function eyeLike(call: OperatorCall): AnyTensor {
  const { shape, dtype } = call.x;
  const [rows, columns] = [sizeOf(shape, 0), sizeOf(shape, 1)];
  const asked = call.int('dtype');
  const k = call.int('k', 0);
  const ones = Array.from({ length: rows * columns }, (_, i) =>
    (i % columns) - Math.floor(i / columns) === k ? 1 : 0,
  );
  return hostTensor(ones, shape, asked === undefined ? dtype : dtypeOfElements(asked, call.what));
}

/** [N, C, H, W] with blocks of channels as blocks of pixels. */
function blocksOfPixels(call: OperatorCall): AnyTensor {
  const b = call.int('blocksize', 1);
  if (call.text('mode', 'DCR') === 'DCR')
    return channelsFirst(depthToSpace(channelsLast(call.x), b));
  const [n, c, h, w] = fourOf(call);
  const apart = call.x.reshape([n, c / b ** 2, b, b, h, w]).transpose([0, 1, 4, 2, 5, 3]);
  return apart.reshape([n, c / b ** 2, h * b, w * b]);
}

function fourOf(call: OperatorCall): [number, number, number, number] {
  const [n, c, h, w] = call.x.shape;
  if (n === undefined || c === undefined || h === undefined || w === undefined) {
    throw new ShapeError(`${call.what}: needs images [N, C, H, W], got [${call.x.shape}].`);
  }
  return [n, c, h, w];
}

/** What arranges, joins and makes tensors. */
export const shapeOperators: Readonly<Record<string, Operator>> = {
  Cast: cast,
  CastLike: (call) => call.x.cast(call.input(1).dtype),
  Concat: (call) => concat(call.given, call.int('axis', 0)),
  Constant: constant,
  ConstantOfShape: constantOfShape,
  DepthToSpace: blocksOfPixels,
  Expand: (call) => {
    const shape = broadcastShapes(call.what, call.x.shape, call.known(1) ?? []);
    return call.x.expand(shape);
  },
  EyeLike: eyeLike,
  Flatten: flatten,
  Pad: pad,
  Range: range,
  Reshape: reshape,
  Shape: shapeOf,
  Size: ({ x }) => hostTensor([x.size], [], 'i32'),
  Slice: slice,
  SpaceToDepth: (call) =>
    channelsFirst(spaceToDepth(channelsLast(call.x), call.int('blocksize', 1))),
  Split: split,
  Squeeze: (call) => call.x.squeeze(call.axesFrom('axes', 1)),
  Tile: (call) => tile(call.x, call.known(1) ?? []),
  Transpose: (call) => call.x.transpose(call.ints('perm') ?? [...call.x.shape.keys()].reverse()),
  Trilu: (call) => {
    const [k] = call.known(1) ?? [];
    return call.flag('upper', true) ? triu(call.x, k) : tril(call.x, k);
  },
  Unsqueeze: unsqueeze,
};
