import { requireFlag, requireOptions, requireWhole } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import type { SortAttributes } from '../../../kernels/sorting/runs.ts';
import { sort as launchSort } from '../../../kernels/sorting/sort.ts';
import { apply, type Op } from '../../op.ts';
import { requireTensor } from '../../require-dtype.ts';
import { normalizeAxis, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { zeros } from '../creation.ts';
import { takeAlongAxis } from '../indexing/along-axis.ts';
import { around } from '../indexing/gather.ts';
import { slice, squeeze } from '../views.ts';

/** Where the first elements in order are, from which values follow: their gradient is that of taking them. */
const argSortOp: Op<[x: AnyTensor], SortAttributes> = {
  name: 'argSort',
  lowering: { kind: 'kernel', launch: launchSort },
};

export interface SortOptions {
  /** The axis along which to sort, the last one if left out. */
  readonly axis?: number;
  /** Whether the largest come first, false if left out. */
  readonly descending?: boolean;
}

/**
 * Where the elements along an axis are in rising order, i32 in the shape of `x`. Equal elements, −0 and 0
 * among them, stay in the order in which they are, also where it is descending; NaN is above all
 * numbers, as in PyTorch: last, or first where it is descending. Of any dtype.
 * @throws ShapeError where there is no such axis.
 * @throws ArgumentError where an option is not known, or `descending` is neither true nor false.
 */
export function argSort<S extends Shape>(
  x: Tensor<S, DType>,
  options: SortOptions = {},
): Tensor<S, 'i32'> {
  const [axis, descending] = optionsOf('argSort', x, options);
  return placesOf(x, axis, sizeOf(x.shape, axis), descending) as Tensor<S, 'i32'>;
}

/**
 * The elements along an axis in rising order, in the shape and dtype of `x`; see {@link argSort} for
 * equal elements and NaN. The gradient goes back to where each element was.
 * @throws ShapeError where there is no such axis.
 * @throws ArgumentError where an option is not known, or `descending` is neither true nor false.
 */
export function sort<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  options: SortOptions = {},
): Tensor<S, D> {
  const [axis, descending] = optionsOf('sort', x, options);
  const order = placesOf(x, axis, sizeOf(x.shape, axis), descending);
  return takeAlongAxis(x, order, axis) as Tensor<S, D>;
}

export interface TopKOptions {
  /** The axis along which to choose, the last one if left out. */
  readonly axis?: number;
  /** Whether the largest are wanted, true if left out, or the smallest. */
  readonly largest?: boolean;
}

/** The elements chosen, and where they were along the axis. */
export interface TopK<D extends DType = 'f32'> {
  readonly values: Tensor<Shape, D>;
  readonly indices: Tensor<Shape, 'i32'>;
}

/**
 * The `k` largest elements along an axis, the largest first, and where they are; of equal ones those that
 * come first. NaN is above all numbers, as in PyTorch. The gradient of the values goes back to where
 * each element was.
 * @throws ShapeError where there is no such axis.
 * @throws ArgumentError where `k` is not a whole number from 0 to the size of the axis, an option is not
 *   known, or a flag is neither true nor false.
 */
export function topK<D extends DType>(
  x: Tensor<Shape, D>,
  k = 1,
  options: TopKOptions = {},
): TopK<D> {
  requireTensor('topK', x);
  requireOptions('topK', options, ['axis', 'largest']);
  const { largest = true } = options;
  requireFlag('topK', 'largest', largest);
  const axis = normalizeAxis('topK', options.axis ?? -1, x.rank);
  const size = sizeOf(x.shape, axis);
  requireWhole('topK', { k }, { from: 0 });
  if (k > size) {
    throw new ArgumentError(
      `topK: k ${k} must not be above ${size}, the size of axis ${axis} of [${x.shape}].`,
    );
  }
  const indices = placesOf(x, axis, k, largest);
  return { values: takeAlongAxis(x, indices, axis), indices };
}

export interface KthValueOptions {
  /** The axis along which to count, the last one if left out. */
  readonly axis?: number;
  /** Whether the axis stays with size 1, false if left out. */
  readonly keepDims?: boolean;
}

/**
 * The `k`-th smallest element along an axis, the smallest for 1, and where it is: PyTorch's `kthvalue`. NaN is above
 * all numbers; of equal elements those that come first count first. The gradient goes back to where the
 * element was.
 * @throws ShapeError where there is no such axis, or it has no elements.
 * @throws ArgumentError where `k` is not a whole number from 1 to the size of the axis, an option is not
 *   known, or `keepDims` is neither true nor false.
 */
export function kthValue<D extends DType>(
  x: Tensor<Shape, D>,
  k: number,
  options: KthValueOptions = {},
): TopK<D> {
  requireTensor('kthValue', x);
  requireOptions('kthValue', options, ['axis', 'keepDims']);
  const { keepDims = false } = options;
  requireFlag('kthValue', 'keepDims', keepDims);
  const axis = normalizeAxis('kthValue', options.axis ?? -1, x.rank);
  const size = sizeOf(x.shape, axis);
  if (size === 0) throw new ShapeError(`kthValue: axis ${axis} of [${x.shape}] has no elements.`);
  requireWhole('kthValue', { k }, { from: 1, to: size });
  const starts = x.shape.map((_, at) => (at === axis ? k - 1 : 0));
  const indices = slice(placesOf(x, axis, k, false), starts);
  const values = takeAlongAxis(x, indices, axis);
  if (keepDims) return { values, indices };
  return { values: squeeze(values, [axis]), indices: squeeze(indices, [axis]) };
}

function optionsOf(
  op: string,
  x: AnyTensor,
  options: SortOptions,
): [axis: number, descending: boolean] {
  requireTensor(op, x);
  requireOptions(op, options, ['axis', 'descending']);
  const { axis = -1, descending = false } = options;
  requireFlag(op, 'descending', descending);
  return [normalizeAxis(op, axis, x.rank), descending];
}

/** The places of the first `kept` elements in order. */
function placesOf(
  x: AnyTensor,
  axis: number,
  kept: number,
  descending: boolean,
): Tensor<Shape, 'i32'> {
  const type = { shape: x.shape.with(axis, kept), dtype: 'i32' } as const;
  if (x.size === 0 || kept === 0) return zeros(type.shape, { dtype: 'i32' });
  return apply(argSortOp, [ofWords(x)], type, { ...around(x.shape, axis), kept, descending });
}

/** The same numbers in a dtype of 32 bits, as the kernel takes them. */
function ofWords(x: AnyTensor): AnyTensor {
  if (x.dtype === 'f16') return cast(x, 'f32');
  return x.dtype === 'u8' ? cast(x, 'u32') : x;
}
