import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { checkShape, sameShape, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { full, ones, zeros } from '../creation.ts';
import { concat } from '../joining.ts';
import { argSort } from '../sorting/sort.ts';
import { reshape, slice, unsqueeze } from '../views.ts';
import { where } from '../where.ts';
import { gather, type Indices, requireSummable, scatterAdd, wholeNumbers } from './gather.ts';

/**
 * The parts of `x` at the positions that the last axis of `indices` [..., k] names, each by its first k
 * coordinates: [..., the other axes of x]. Indices known on the host are checked; positions computed on the
 * device give 0 where they are out of range.
 * @throws DTypeError where indices are no whole numbers.
 * @throws ShapeError where positions have more coordinates than `x` has axes, or an index known on the
 *   host is out of range.
 */
export function gatherND<D extends DType>(
  x: Tensor<Shape, D>,
  indices: AnyTensor,
): Tensor<Shape, D> {
  requireTensor('gatherND', x);
  const { rows, places, lead, rest } = positionsIn('gatherND', x.shape, indices);
  const shape = [...lead, ...rest];
  if (product(shape) === 0 || x.size === 0) return zeros(shape, { dtype: x.dtype });
  return reshape(gather(reshape(x, [rows, product(rest)]), places), shape);
}

/**
 * Zeros of a shape, to which `updates` are added at the positions that the last axis of `indices` [..., k]
 * names by their first k coordinates; those of equal positions add up, always in the same order. The
 * inverse direction of {@link gatherND}. Indices [n] may also be n places along the first axis, as
 * TensorFlow has it: then updates have as many axes as the result.
 * @throws DTypeError where updates are not f32, i32 or u32, or indices are no whole numbers.
 * @throws ShapeError where updates have not the shape that indices and result ask for, or an index known
 *   on the host is out of range.
 */
export function scatterND<D extends DType>(
  indices: AnyTensor,
  updates: Tensor<Shape, D>,
  shape: readonly number[],
): Tensor<Shape, D> {
  requireTensor('scatterND', updates);
  requireSummable('scatterND', updates);
  checkShape('scatterND', shape);
  requireTensor('scatterND', indices);
  const areRows = indices.rank === 1 && updates.rank === shape.length;
  const at = areRows ? unsqueeze(indices, 1) : indices;
  const { rows, places, lead, rest } = positionsIn('scatterND', shape, at);
  if (!sameShape(updates.shape, [...lead, ...rest])) {
    throw new ShapeError(
      `scatterND: indices [${indices.shape}] into [${shape}] need updates [${[...lead, ...rest]}], got [${updates.shape}].`,
    );
  }
  if (updates.size === 0 || rows === 0) return zeros(shape, { dtype: updates.dtype });
  const parts = reshape(updates, [product(lead), product(rest)]);
  return reshape(scatterAdd(parts, places, rows), shape);
}

/**
 * `x` with `updates` in the place of the parts at the positions that the last axis of `indices` [..., k]
 * names by their first k coordinates; of equal positions the last counts. Positions computed on the device
 * that are out of range change nothing.
 * @throws DTypeError where `x` is not f32, i32 or u32, updates are of another dtype, or indices are no whole numbers.
 * @throws ShapeError where updates have not the shape that indices and `x` ask for, or an index known on the
 *   host is out of range.
 */
export function tensorScatterUpdate<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  indices: AnyTensor,
  updates: Tensor<Shape, NoInfer<D>>,
): Tensor<S, D> {
  requireTensor('tensorScatterUpdate', x);
  requireSummable('tensorScatterUpdate', x);
  requireDType<DType>('tensorScatterUpdate', updates, [x.dtype]);
  const { rows, places, lead, rest } = positionsIn('tensorScatterUpdate', x.shape, indices);
  if (!sameShape(updates.shape, [...lead, ...rest])) {
    throw new ShapeError(
      `tensorScatterUpdate: indices [${indices.shape}] into [${x.shape}] need updates [${[...lead, ...rest]}], got [${updates.shape}].`,
    );
  }
  if (updates.size === 0 || rows === 0) return x;
  const [count, width] = [product(lead), product(rest)];
  // Equal places side by side, in their order: all but the last of them go nowhere.
  const order = argSort(places);
  const sorted = gather(places, order);
  const next = concat([slice(sorted, [1]), full([1], -1, { dtype: 'i32' })]);
  const kept = where(sorted.notEqual(next), sorted, -1);
  const parts = scatterAdd(gather(reshape(updates, [count, width]), order), kept, rows);
  const isNew = scatterAdd(ones([count, 1], { dtype: 'i32' }), kept, rows).greater(0);
  return reshape(where(isNew, parts, reshape(x, [rows, width])), x.shape) as Tensor<S, D>;
}

/** A shape seen as rows, the positions' row numbers (−1 where there is none), and the axes around. */
function positionsIn(op: string, shape: readonly number[], indices: AnyTensor) {
  requireTensor(op, indices);
  const coordinates = indices.shape.at(-1) ?? 0;
  const [first, ...others] = shape.slice(0, coordinates);
  if (first === undefined || coordinates > shape.length) {
    throw new ShapeError(
      `${op}: the last axis of indices [${indices.shape}] must have 1 to ${shape.length} coordinates into [${shape}].`,
    );
  }
  const whole = wholeNumbers(op, indices, first, ...others);
  const lead = indices.shape.slice(0, -1);
  const table = reshape(whole, [product(lead), coordinates]);
  return {
    rows: product([first, ...others]),
    places: rowNumbers(table, [first, ...others]),
    lead,
    rest: shape.slice(coordinates),
  };
}

/** Positions [n, k] as numbers of rows of an array of k axes, −1 where there is none. */
function rowNumbers(table: Indices, sizes: readonly number[]): Indices {
  const count = sizeOf(table.shape, 0);
  return sizes.reduce<Indices>(
    (rows, size, k) => {
      const column = reshape(slice(table, [0, k], [count, k + 1]), [count]);
      const exists = column
        .greaterEqual(0)
        .logicalAnd(column.less(size))
        .logicalAnd(rows.greaterEqual(0));
      return where(exists, rows.mul(size).add(column), -1);
    },
    zeros([count], { dtype: 'i32' }),
  );
}
