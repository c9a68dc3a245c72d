import { requireFlag, requireNumber, requireOptions, shown } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { requireDType, requireTensor } from '../require-dtype.ts';
import { normalizeAxes, normalizeAxis } from '../shape.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { mean, reduceBy, variance } from './reductions.ts';
import { expandTo, reshape } from './views.ts';
import { where } from './where.ts';

/** √x with the gradient 0 at 0, where it has none: as PyTorch has it for norms and deviations. */
export function root(x: Tensor): Tensor {
  const isZero = x.equal(0);
  return where(isZero, 0, where(isZero, 1, x).sqrt());
}

export interface VarianceOptions {
  readonly keepDims?: boolean;
  /** What is taken off the number of elements before it divides; 0 if left out. */
  readonly correction?: number;
}

/**
 * The square root of the variance over axes, f32. Its gradient is 0 where all elements are equal, as in
 * PyTorch.
 * @throws DTypeError where x is not f32.
 */
export function std(
  x: AnyTensor,
  axes?: number | readonly number[],
  options: VarianceOptions = {},
): Tensor {
  requireOptions('std', options, ['keepDims', 'correction']);
  requireDType('std', x, ['f32']);
  return root(variance(x, axes, options));
}

/**
 * Mean and variance over axes, f32.
 * @throws DTypeError where x is not f32.
 */
export function moments(
  x: AnyTensor,
  axes?: number | readonly number[],
  keepDims = false,
): { mean: Tensor; variance: Tensor } {
  requireDType('moments', x, ['f32']);
  return { mean: mean(x, axes, keepDims), variance: variance(x, axes, { keepDims }) };
}

/**
 * The number of elements over axes that are not 0 (or true), i32.
 * @throws ShapeError where there is no such axis.
 */
export function countNonZero(
  x: AnyTensor,
  axes?: number | readonly number[],
  keepDims = false,
): Tensor<readonly number[], 'i32'> {
  requireTensor('countNonZero', x);
  const counted: AnyTensor = x.dtype === 'bool' ? x : x.notEqual(0);
  return reduceBy('sum', counted.cast('i32'), axes, keepDims);
}

/** Which norm: a power, or 'euclidean' (as 2) and of matrices 'fro', the same over both axes. */
export type NormOrder = number | 'euclidean' | 'fro';

/**
 * The norm of vectors along an axis, or of all elements, f32: (Σ|x|ᵖ)^(1/p), the largest |x| for ∞, the
 * smallest for −∞, how many are not 0 for 0. Over two axes, [rows, columns], that of matrices: the largest
 * column sum of |x| for 1 and the smallest for −1, the largest row sum for ∞ and the smallest for −∞, and √Σx² for
 * 'fro' and 'euclidean'. Gradients are 0 at 0, as in PyTorch.
 * @throws ArgumentError where there is no such norm.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where x is not f32.
 */
export function norm(
  x: AnyTensor,
  ord: NormOrder = 'euclidean',
  axis?: number | readonly number[],
  keepDims = false,
): Tensor {
  requireFlag('norm', 'keepDims', keepDims);
  requireDType('norm', x, ['f32']);
  const axes = normalizeAxes('norm', axis, x.rank);
  if (typeof axis !== 'object' || axis.length !== 2) return ofVectors(x, ord, axes, keepDims);
  if (ord === 'fro' || ord === 'euclidean') return ofVectors(x, 2, axes, keepDims);
  const [rows, columns] = axis.map((one) => normalizeAxis('norm', one, x.rank));
  const size = Math.abs(ord);
  const [sums, extreme] = size === 1 ? [rows, columns] : [columns, rows];
  if (size !== 1 && size !== Number.POSITIVE_INFINITY) {
    throw new ArgumentError(
      `norm: of matrices there are 'fro', 1, -1, Infinity and -Infinity, got ${shown(ord)}.`,
    );
  }
  const found = reduceBy(
    ord < 0 ? 'min' : 'max',
    reduceBy('sum', x.abs(), sums, true),
    extreme,
    true,
  );
  const rest = x.shape.filter((_, at) => !axes.includes(at));
  return keepDims ? found : reshape(found, rest);
}

function ofVectors(x: Tensor, ord: NormOrder, axes: readonly number[], keepDims: boolean): Tensor {
  const size = x.abs();
  if (ord === 'euclidean' || ord === 'fro' || ord === 2) {
    return root(reduceBy('sum', x.square(), axes, keepDims));
  }
  if (ord === 1) return reduceBy('sum', size, axes, keepDims);
  if (ord === Number.POSITIVE_INFINITY) return reduceBy('max', size, axes, keepDims);
  if (ord === Number.NEGATIVE_INFINITY) return reduceBy('min', size, axes, keepDims);
  requireNumber('norm', { ord: ord as number });
  if (ord === 0) return countNonZero(x, axes, keepDims).cast('f32');
  // At 0 a power below 1 has no slope, and the root of a sum of 0 none.
  const isZero = size.equal(0);
  const of0 = ord > 0 ? 0 : Number.POSITIVE_INFINITY;
  const powers = where(isZero, of0, where(isZero, 1, size).pow(ord));
  const sum = reduceBy('sum', powers, axes, keepDims);
  const isNone = sum.equal(0);
  return where(
    isNone,
    of0 === 0 ? 0 : Number.POSITIVE_INFINITY,
    where(isNone, 1, sum).pow(1 / ord),
  );
}

/**
 * The cosine of the angle between vectors along an axis of what both broadcast to, f32: Σab / (‖a‖ ‖b‖), with
 * norms of at least `epsilon`, so that those of 0 have the similarity 0.
 * @throws ShapeError where the two do not broadcast, or there is no such axis.
 * @throws DTypeError where one is not f32.
 */
export function cosineSimilarity(a: Tensor, b: Tensor, axis = -1, epsilon = 1e-8): Tensor {
  requireNumber('cosineSimilarity', { epsilon }, { from: 0 });
  requireDType('cosineSimilarity', a, ['f32']);
  requireDType('cosineSimilarity', b, ['f32']);
  const product = a.mul(b);
  const sizes = (vectors: Tensor) =>
    norm(expandTo(vectors, product.shape), 2, axis, true).maximum(epsilon);
  return reduceBy('sum', product.div(sizes(a).mul(sizes(b))), axis);
}
