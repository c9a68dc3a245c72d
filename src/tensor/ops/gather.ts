import { DTypeError, ShapeError } from '../../errors.ts';
import { type DType, isWhole } from '../../kernels/dtype.ts';
import { gather as launchGather } from '../../kernels/gather/gather.ts';
import { scatterAdd as launchScatterAdd } from '../../kernels/gather/scatter.ts';
import { product } from '../../kernels/launch.ts';
import { apply, type Op } from '../op.ts';
import { requireDType, requireTensor } from '../require-dtype.ts';
import { checkShape, normalizeAxis, sizeOf } from '../shape.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { full, positions, zeros } from './creation.ts';
import { reshape, unsqueeze } from './views.ts';

type Indices = Tensor<Shape, 'i32'>;

/** A shape seen as three axes, the middle one of which is indexed. */
type AxisAttributes = Readonly<{ outer: number; size: number; inner: number }>;

// Gathering and scattering are each other's gradients.
const gatherOp: Op<[x: AnyTensor, indices: Indices], AxisAttributes> = {
  name: 'gather',
  lowering: { kind: 'kernel', launch: launchGather },
  vjp: (g, { inputs: [x, indices], attributes }) => [
    apply(scatterAddOp, [indices, g], { shape: x.shape, dtype: 'f32' }, attributes),
    undefined,
  ],
};

const scatterAddOp: Op<[indices: Indices, updates: Tensor], AxisAttributes> = {
  name: 'scatterAdd',
  lowering: { kind: 'kernel', launch: launchScatterAdd },
  vjp: (g, { inputs: [indices, updates], attributes }) => [
    undefined,
    apply(gatherOp, [g, indices], updates, attributes),
  ],
};

function around(shape: readonly number[], axis: number): AxisAttributes {
  return {
    outer: product(shape.slice(0, axis)),
    size: sizeOf(shape, axis),
    inner: product(shape.slice(axis + 1)),
  };
}

/**
 * The slices of `x` at `indices` (i32, u32 or u8, of any shape) along an axis, in the shape of `x` with the
 * axis replaced by the shape of `indices`. Indices known on the host are checked; those computed
 * on the device are not, and give 0 where they are out of range.
 * @throws DTypeError where indices are no whole numbers.
 * @throws ShapeError where an index known on the host is out of range, or there is no such axis.
 */
export function gather<D extends DType>(
  x: Tensor<Shape, D>,
  indices: AnyTensor,
  axis = 0,
): Tensor<Shape, D> {
  requireTensor('gather', x);
  const at = normalizeAxis('gather', axis, x.rank);
  const whole = wholeNumbers('gather', indices, sizeOf(x.shape, at));
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
  if (product(shape) === 0 || x.size === 0) return zeros(shape, { dtype: x.dtype });
  return apply(gatherOp, [x, whole], { shape, dtype: x.dtype }, around(x.shape, at));
}

/**
 * Zeros of `size` along an axis, to which each slice of `updates` is added at its index; equal
 * indices add up, always in the same order. The inverse direction of {@link gather}.
 * @throws ShapeError where indices and slices differ in number, or an index is out of range.
 * @throws DTypeError where `updates` is not f32, or indices are no whole numbers.
 */
export function scatterAdd(updates: AnyTensor, indices: AnyTensor, size: number, axis = 0): Tensor {
  requireTensor('scatterAdd', updates);
  requireTensor('scatterAdd', indices);
  const at = normalizeAxis('scatterAdd', axis, updates.rank);
  if (indices.rank !== 1 || indices.shape[0] !== updates.shape[at]) {
    throw new ShapeError(
      `scatterAdd: needs one index for each of the ${updates.shape[at]} slices along axis ${at}, got [${indices.shape}].`,
    );
  }
  requireDType('scatterAdd', updates, ['f32']);
  checkShape('scatterAdd', [size]);
  const whole = wholeNumbers('scatterAdd', indices, size);
  const shape = updates.shape.map((n, i) => (i === at ? size : n));
  if (updates.size === 0) return zeros(shape);
  return apply(scatterAddOp, [whole, updates], { shape, dtype: 'f32' }, around(shape, at));
}

function wholeNumbers(op: string, indices: AnyTensor, size: number): Indices {
  requireTensor(op, indices);
  if (!isWhole(indices.dtype)) {
    throw new DTypeError(
      `${op}: indices must be i32, got ${indices.dtype}[${indices.shape}]. Use cast('i32').`,
    );
  }
  const { leaf } = indices.node;
  const wrong =
    leaf?.kind === 'host' ? leaf.data.find((index) => index < 0 || index >= size) : undefined;
  if (wrong !== undefined) {
    throw new ShapeError(
      `${op}: index ${wrong} is out of range; the axis has ${size} elements (0 to ${size - 1}).`,
    );
  }
  return cast(indices, 'i32');
}

/**
 * 1 at each index, 0 elsewhere, along a new last axis of `depth`, f32.
 * @throws ShapeError where the depth is not a whole number of 0 or more.
 * @throws DTypeError where indices are no whole numbers.
 */
export function oneHot(indices: AnyTensor, depth: number): Tensor {
  checkShape('oneHot', [depth]);
  requireDType('oneHot', indices, ['i32', 'u32', 'u8']);
  const whole = cast(indices, 'i32');
  return cast(unsqueeze(whole, -1).equal(positions([depth], 'i32')), 'f32');
}

/**
 * The identity matrix: ones on the diagonal, f32.
 * @throws ShapeError where a side is not a whole number of 0 or more.
 */
export function eye(rows: number, columns = rows): Tensor {
  checkShape('eye', [rows, columns]);
  const row = reshape(positions([rows], 'i32'), [rows, 1]);
  const column = reshape(positions([columns], 'i32'), [1, columns]);
  return rows * columns === 0 ? full([rows, columns], 0) : cast(row.equal(column), 'f32');
}
