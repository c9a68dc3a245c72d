import { requireFlag, requireOptions, requireWhole } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { type DType, isFloat } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { checkShape, sameShape, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { ones, positions } from '../creation.ts';
import { stack } from '../joining.ts';
import { topK } from '../sorting/sort.ts';
import { reshape, unsqueeze } from '../views.ts';
import { where } from '../where.ts';
import { scatterAdd } from './gather.ts';
import { scatterND } from './nd.ts';

export interface BincountOptions<D extends DType> {
  /** What each element counts, in the shape of the elements; 1 if left out. f32, i32 or u32. */
  readonly weights?: Tensor<Shape, D>;
}

/**
 * How often each of the numbers 0 … size − 1 is among the elements of `x` (or the sum of their weights):
 * [size], i32 or the dtype of the weights. Numbers beyond are not counted.
 * @throws DTypeError where `x` has no whole numbers, or weights are bool or u8.
 * @throws ShapeError where weights have another shape, or `size` is not a whole number of 0 or more.
 * @throws ArgumentError where an option is not known.
 */
export function bincount<D extends DType = 'i32'>(
  x: AnyTensor,
  size: number,
  options: BincountOptions<D> = {},
): Tensor<Shape, D> {
  requireDType('bincount', x, ['i32', 'u32', 'u8']);
  requireOptions('bincount', options, ['weights']);
  checkShape('bincount', [size]);
  const weights =
    options.weights ?? (ones(x.shape, { dtype: 'i32' }) as unknown as Tensor<Shape, D>);
  return scatterAdd(weightsOf('bincount', weights, x), unchecked(reshape(x, [x.size])), size);
}

export interface DenseBincountOptions<D extends DType> extends BincountOptions<D> {
  /** Whether to say whether a number is there, 0 or 1, rather than how often; without weights. */
  readonly binaryOutput?: boolean;
}

/**
 * {@link bincount} of each row: x [..., n] → [..., size].
 * @throws DTypeError where `x` has no whole numbers, or weights are bool or u8.
 * @throws ShapeError where `x` is a number, weights have another shape, or `size` is not a whole number of 0
 *   or more.
 * @throws ArgumentError where an option is not known, or `binaryOutput` stands beside weights.
 */
export function denseBincount<D extends DType = 'i32'>(
  x: AnyTensor,
  size: number,
  options: DenseBincountOptions<D> = {},
): Tensor<Shape, D> {
  requireDType('denseBincount', x, ['i32', 'u32', 'u8']);
  requireOptions('denseBincount', options, ['weights', 'binaryOutput']);
  const { weights, binaryOutput = false } = options;
  requireFlag('denseBincount', 'binaryOutput', binaryOutput);
  if (binaryOutput && weights) {
    throw new ArgumentError('denseBincount: binaryOutput counts nothing: leave weights out.');
  }
  checkShape('denseBincount', [size]);
  const n = x.shape.at(-1);
  if (n === undefined)
    throw new ShapeError('denseBincount: x must have an axis of numbers to count.');
  const rows = product(x.shape.slice(0, -1));
  const table = reshape(cast(x, 'i32'), [rows, n]);
  const isCounted = table.greaterEqual(0).logicalAnd(table.less(size));
  const places = table.add(positions([rows, 1], 'i32').mul(size));
  const flat = reshape(where(isCounted, places, -1), [rows * n]);
  const given = weights ? { weights: weightsOf('denseBincount', weights, x) } : {};
  const counts = bincount(flat, rows * size, given);
  const bins = reshape(counts, x.shape.with(-1, size));
  return binaryOutput ? cast(bins.greater(0), bins.dtype) : bins;
}

/** One for each element, in a row. */
function weightsOf<D extends DType>(op: string, weights: Tensor<Shape, D>, x: AnyTensor) {
  requireTensor(op, weights);
  if (!sameShape(weights.shape, x.shape)) {
    throw new ShapeError(
      `${op}: weights [${weights.shape}] must have the shape [${x.shape}] of x.`,
    );
  }
  return reshape(weights, [x.size]);
}

/** Indices that may be out of range: as what is computed, which no check sees before the device does. */
function unchecked(indices: AnyTensor): AnyTensor {
  return cast(indices, 'i32').add(0);
}

/**
 * The sums [count, ...] of the slices of `x` [n, ...] that have the same number in `segments` [n]. Numbers
 * need not be in order, and those that are not from 0 to count − 1 are left out.
 * @throws DTypeError where `x` is not f32, i32 or u32, or segments are no whole numbers.
 * @throws ShapeError where there is not one number for each slice.
 */
export function unsortedSegmentSum<D extends DType>(
  x: Tensor<Shape, D>,
  segments: AnyTensor,
  count: number,
): Tensor<Shape, D> {
  requireTensor('unsortedSegmentSum', x);
  requireDType('unsortedSegmentSum', segments, ['i32', 'u32', 'u8']);
  if (segments.rank !== 1 || segments.shape[0] !== x.shape[0]) {
    throw new ShapeError(
      `unsortedSegmentSum: needs one segment for each of the slices of [${x.shape}], got [${segments.shape}].`,
    );
  }
  checkShape('unsortedSegmentSum', [count]);
  return scatterAdd(x, unchecked(segments), count);
}

/**
 * How often each class was taken for each: [classes, classes] of i32, a row for each label, a column for
 * each prediction. Classes out of range are not counted.
 * @throws DTypeError where labels or predictions are no whole numbers.
 * @throws ShapeError where they are not two lists of one length.
 * @throws ArgumentError where `classes` is not a whole number above 0.
 */
export function confusionMatrix(
  labels: AnyTensor,
  predictions: AnyTensor,
  classes: number,
): Tensor<Shape, 'i32'> {
  for (const one of [labels, predictions])
    requireDType('confusionMatrix', one, ['i32', 'u32', 'u8']);
  requireWhole('confusionMatrix', { classes }, { from: 1 });
  if (labels.rank !== 1 || !sameShape(labels.shape, predictions.shape)) {
    throw new ShapeError(
      `confusionMatrix: labels [${labels.shape}] and predictions [${predictions.shape}] must be lists of one length.`,
    );
  }
  const pairs = stack([cast(labels, 'i32'), cast(predictions, 'i32')], 1);
  return scatterND(pairs, ones([labels.size], { dtype: 'i32' }), [classes, classes]);
}

/**
 * Whether the label of each row is among its `k` largest predictions, of equal ones those that come first:
 * predictions [..., classes] and labels [...] → bool [...]. As in TensorFlow a label is not among them where
 * its own prediction is infinite or NaN.
 * @throws DTypeError where predictions are no numbers, or labels no whole numbers.
 * @throws ShapeError where there is not one label for each row.
 * @throws ArgumentError where `k` is not a whole number from 0 to the number of classes.
 */
export function inTopK(predictions: AnyTensor, labels: AnyTensor, k = 1): Tensor<Shape, 'bool'> {
  requireTensor('inTopK', predictions);
  requireDType('inTopK', labels, ['i32', 'u32', 'u8']);
  if (predictions.rank === 0 || !sameShape(predictions.shape.slice(0, -1), labels.shape)) {
    throw new ShapeError(
      `inTopK: predictions [${predictions.shape}] need labels [${predictions.shape.slice(0, -1)}], got [${labels.shape}].`,
    );
  }
  requireWhole('inTopK', { k }, { from: 0, to: sizeOf(predictions.shape, -1) });
  const { values, indices } = topK(predictions, k);
  const isLabel = indices.equal(unsqueeze(cast(labels, 'i32'), -1));
  return (isFloat(values.dtype) ? isLabel.logicalAnd(values.isFinite()) : isLabel).any(-1);
}
