import { shown } from '../../../arguments.ts';
import { DTypeError, ShapeError } from '../../../errors.ts';
import { type DType, isWhole } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { OnDemand } from '../../../kernels/on-demand.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { checkShape, normalizeAxis, sameShape, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { positions, zeros } from '../creation.ts';
import { reshape } from '../views.ts';
import { where } from '../where.ts';

/** Whole numbers as kernels take them. */
export type Indices = Tensor<Shape, 'i32'>;

/** A shape seen as three axes, the middle one of which is indexed. */
type AxisAttributes = Readonly<{ outer: number; size: number; inner: number }>;

const gathering = new OnDemand(() => import('../../../kernels/gather/gather.ts'));
const scattering = new OnDemand(() => import('../../../kernels/gather/scatter.ts'));

// Gathering and scattering are each other's gradients.
const gatherOp: Op<[x: AnyTensor, indices: Indices], AxisAttributes> = {
  name: 'gather',
  lowering: {
    kind: 'kernel',
    needs: () => gathering,
    launch: (context) => gathering.get().gather(context),
  },
  vjp: (g, { inputs: [x, indices], attributes }) => [
    apply(scatterAddOp, [indices, g], { shape: x.shape, dtype: 'f32' }, attributes),
    undefined,
  ],
};

const scatterAddOp: Op<[indices: Indices, updates: AnyTensor], AxisAttributes> = {
  name: 'scatterAdd',
  lowering: {
    kind: 'kernel',
    needs: () => scattering,
    launch: (context) => scattering.get().scatterAdd(context),
  },
  vjp: (g, { inputs: [indices, updates], attributes }) => [
    undefined,
    apply(gatherOp, [g, indices], { shape: updates.shape, dtype: 'f32' }, attributes),
  ],
};

/** An axis as the middle one of three. */
export function around(shape: readonly number[], axis: number): AxisAttributes {
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
 * @param axis the first one that is no batch, if left out
 * @param batchDims how many leading axes `x` and `indices` share: each of these batches has indices of its
 *   own, and they stand once in the result; negative ones count from the rank of `indices`
 * @throws DTypeError where indices are no whole numbers.
 * @throws ShapeError where an index known on the host is out of range, there is no such axis, or batches
 *   differ or reach beyond the axis.
 */
export function gather<D extends DType>(
  x: Tensor<Shape, D>,
  indices: AnyTensor,
  axis?: number,
  batchDims = 0,
): Tensor<Shape, D> {
  requireTensor('gather', x);
  requireTensor('gather', indices);
  const batches = batchDims < 0 ? batchDims + indices.rank : batchDims;
  const at = normalizeAxis('gather', axis ?? batches, x.rank);
  requireBatches(x, indices, at, batches, batchDims);
  const whole = wholeNumbers('gather', indices, sizeOf(x.shape, at));
  const rest = x.shape.slice(at + 1);
  const shape = [...x.shape.slice(0, at), ...indices.shape.slice(batches), ...rest];
  if (product(shape) === 0 || x.size === 0) return zeros(shape, { dtype: x.dtype });
  if (batches === 0) {
    return apply(gatherOp, [x, whole], { shape, dtype: x.dtype }, around(x.shape, at));
  }
  const blocks = [product(x.shape.slice(0, batches)), product(x.shape.slice(batches, at))] as const;
  const rows = rowNumbers(whole, blocks, sizeOf(x.shape, at));
  return reshape(gather(reshape(x, [-1, product(rest)]), rows), shape);
}

function requireBatches(
  x: AnyTensor,
  indices: AnyTensor,
  axis: number,
  batches: number,
  given: number,
): void {
  const shared = indices.shape.slice(0, batches);
  const possible = Number.isInteger(batches) && batches >= 0 && batches <= axis;
  if (possible && shared.length === batches && sameShape(x.shape.slice(0, batches), shared)) return;
  throw new ShapeError(
    `gather: batchDims ${shown(given)} must be a number of leading axes that x [${x.shape}] and indices [${indices.shape}] share, all before axis ${axis}.`,
  );
}

/** Indices of batches, each of which has several blocks of `size` rows, as numbers of rows of all; −1 where there is none. */
function rowNumbers(
  indices: Indices,
  [batches, blocks]: readonly [number, number],
  size: number,
): Indices {
  const firsts = reshape(positions([batches * blocks], 'i32').mul(size), [batches, blocks, 1]);
  const each = reshape(indices, [batches, 1, -1]);
  const exists = each.greaterEqual(0).logicalAnd(each.less(size));
  return where(exists, firsts.add(each), -1);
}

/**
 * Zeros of `size` along an axis, to which each slice of `updates` is added at its index; equal
 * indices add up, always in the same order. The inverse direction of {@link gather}.
 * @throws ShapeError where indices and slices differ in number, or an index is out of range.
 * @throws DTypeError where `updates` is not f32, i32 or u32, or indices are no whole numbers.
 */
export function scatterAdd<D extends DType>(
  updates: Tensor<Shape, D>,
  indices: AnyTensor,
  size: number,
  axis = 0,
): Tensor<Shape, D> {
  requireTensor('scatterAdd', updates);
  requireTensor('scatterAdd', indices);
  const at = normalizeAxis('scatterAdd', axis, updates.rank);
  if (indices.rank !== 1 || indices.shape[0] !== updates.shape[at]) {
    throw new ShapeError(
      `scatterAdd: needs one index for each of the ${updates.shape[at]} slices along axis ${at}, got [${indices.shape}].`,
    );
  }
  requireSummable('scatterAdd', updates);
  checkShape('scatterAdd', [size]);
  const whole = wholeNumbers('scatterAdd', indices, size);
  const shape = updates.shape.map((n, i) => (i === at ? size : n));
  const type = { shape, dtype: updates.dtype };
  if (updates.size === 0) return zeros(shape, { dtype: updates.dtype });
  return apply(scatterAddOp, [whole, updates], type, around(shape, at));
}

/** @throws DTypeError where numbers of its dtype are not added up. */
export function requireSummable(op: string, x: AnyTensor): void {
  requireDType<DType>(op, x, ['f32', 'i32', 'u32']);
}

/**
 * Indices into an axis of `size`, as i32, or into several axes by turns; those known on the host are
 * checked.
 * @throws DTypeError where they are no whole numbers.
 * @throws ShapeError where one known on the host is out of range.
 */
export function wholeNumbers(
  op: string,
  indices: AnyTensor,
  ...sizes: [number, ...number[]]
): Indices {
  requireTensor(op, indices);
  if (!isWhole(indices.dtype)) {
    throw new DTypeError(
      `${op}: indices must be i32, got ${indices.dtype}[${indices.shape}]. Use cast('i32').`,
    );
  }
  const { leaf } = indices.node;
  const sizeAt = (i: number) => sizes[i % sizes.length] as number;
  const wrong = leaf?.kind === 'host' ? leaf.data.findIndex((k, i) => k < 0 || k >= sizeAt(i)) : -1;
  if (leaf?.kind === 'host' && wrong >= 0) {
    const there =
      sizeAt(wrong) > 0 ? `${sizeAt(wrong)} elements (0 to ${sizeAt(wrong) - 1})` : 'no elements';
    throw new ShapeError(
      `${op}: index ${leaf.data[wrong]} is out of range; the axis has ${there}.`,
    );
  }
  return cast(indices, 'i32');
}
