import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireTensor } from '../../require-dtype.ts';
import { broadcastShapes, checkShape, normalizeAxis, sameShape, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { full, positions, zeros } from '../creation.ts';
import { expandTo, reshape } from '../views.ts';
import { where } from '../where.ts';
import {
  around,
  gather,
  type Indices,
  requireSummable,
  scatterAdd,
  wholeNumbers,
} from './gather.ts';

/**
 * Of each line of `x` along an axis the elements at the indices in the same line of `indices`, as what
 * `argSort` gives: NumPy's `take_along_axis`, PyTorch's `take_along_dim`. Axes other than `axis` are
 * equal or broadcast. Indices known on the host are checked; those computed on the device give 0 where
 * they are out of range.
 * @throws DTypeError where indices are no whole numbers.
 * @throws ShapeError where ranks differ, other axes do not broadcast, there is no such axis, or an index
 *   known on the host is out of range.
 */
export function takeAlongAxis<D extends DType>(
  x: Tensor<Shape, D>,
  indices: AnyTensor,
  axis = -1,
): Tensor<Shape, D> {
  requireTensor('takeAlongAxis', x);
  const at = normalizeAxis('takeAlongAxis', axis, x.rank);
  const whole = wholeNumbers('takeAlongAxis', indices, sizeOf(x.shape, at));
  requireRank('takeAlongAxis', x, whole);
  const others = broadcastShapes('takeAlongAxis', x.shape.with(at, 1), whole.shape.with(at, 1));
  const wide = expandTo(x, others.with(at, sizeOf(x.shape, at)));
  const shape = others.with(at, sizeOf(whole.shape, at));
  if (product(shape) === 0 || wide.size === 0) return zeros(shape, { dtype: x.dtype });
  const places = placesAlong(expandTo(whole, shape), wide.shape, at);
  return reshape(gather(reshape(wide, [wide.size]), places), shape);
}

/**
 * Zeros of `size` along an axis, to each line of which the updates of the same line are added at their
 * indices; equal indices add up, always in the same order. The inverse direction of
 * {@link takeAlongAxis}, and PyTorch's `scatter_add` to zeros.
 * @throws ShapeError where updates and indices differ in shape, there is no such axis, or an index known
 *   on the host is out of range.
 * @throws DTypeError where updates are not f32, i32 or u32, or indices are no whole numbers.
 */
export function scatterAlongAxis<D extends DType>(
  updates: Tensor<Shape, D>,
  indices: AnyTensor,
  size: number,
  axis = -1,
): Tensor<Shape, D> {
  requireTensor('scatterAlongAxis', updates);
  const at = normalizeAxis('scatterAlongAxis', axis, updates.rank);
  requireSummable('scatterAlongAxis', updates);
  checkShape('scatterAlongAxis', [size]);
  const whole = wholeNumbers('scatterAlongAxis', indices, size);
  if (!sameShape(whole.shape, updates.shape)) {
    throw new ShapeError(
      `scatterAlongAxis: needs one index for each of the updates [${updates.shape}], got [${whole.shape}].`,
    );
  }
  const shape = updates.shape.with(at, size);
  const total = product(shape);
  if (total === 0 || updates.size === 0) return zeros(shape, { dtype: updates.dtype });
  const places = placesAlong(whole, shape, at);
  return reshape(scatterAdd(reshape(updates, [updates.size]), places, total), shape);
}

function requireRank(op: string, x: AnyTensor, indices: AnyTensor): void {
  if (indices.rank === x.rank) return;
  throw new ShapeError(
    `${op}: indices [${indices.shape}] must have as many axes as [${x.shape}], which has ${x.rank}.`,
  );
}

/** Where in a flattened tensor of `shape` its elements at indices along an axis are; −1 where there are none. */
function placesAlong(indices: Indices, shape: readonly number[], axis: number): Indices {
  const { outer, size, inner } = around(shape, axis);
  if (outer * inner === 1) return reshape(indices, [indices.size]);
  const along = reshape(indices, [outer, sizeOf(indices.shape, axis), inner]);
  const line = positions([outer, 1, 1], 'i32')
    .mul(size * inner)
    .add(positions([1, 1, inner], 'i32'));
  const isThere = along.greaterEqual(0).logicalAnd(along.less(size));
  return reshape(where(isThere, along.mul(inner).add(line), full([], -1, { dtype: 'i32' })), [
    indices.size,
  ]);
}
