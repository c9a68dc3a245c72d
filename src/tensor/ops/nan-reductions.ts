import type { AxesOf } from '../method-types.ts';
import { requireDType } from '../require-dtype.ts';
import type { Called, Check, CheckAxis, Reduce, Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { reduceBy } from './reductions.ts';
import { where } from './where.ts';

// Reductions that pass over what is NaN, which has no gradient then.

type Axes = number | readonly number[] | undefined;

/**
 * The sum over axes of the elements that are not NaN, f32 or f16 as `x`: 0 where there are none.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is neither f32 nor f16.
 */
export function nanSum<
  S extends Shape,
  D extends 'f32' | 'f16',
  const X extends Axes = undefined,
  Keep extends boolean = false,
  Call = Called,
>(
  x: Tensor<S, D>,
  axes?: X & Check<CheckAxis<S, NonNullable<AxesOf<X>>>, Call>,
  keepDims?: Keep,
): Tensor<Reduce<S, AxesOf<X>, Keep>, D>;
export function nanSum(x: AnyTensor, axes?: Axes, keepDims = false): AnyTensor {
  requireDType('nanSum', x, ['f32', 'f16']);
  return reduceBy('sum', where(x.isNan(), 0, x), axes, keepDims);
}

/**
 * The mean over axes of the elements that are not NaN, f32: NaN where there are none.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is not f32.
 */
export function nanMean<
  S extends Shape,
  const X extends Axes = undefined,
  Keep extends boolean = false,
  Call = Called,
>(
  x: Tensor<S>,
  axes?: X & Check<CheckAxis<S, NonNullable<AxesOf<X>>>, Call>,
  keepDims?: Keep,
): Tensor<Reduce<S, AxesOf<X>, Keep>>;
export function nanMean(x: AnyTensor, axes?: Axes, keepDims = false): AnyTensor {
  requireDType('nanMean', x, ['f32']);
  const isNan = x.isNan();
  const counts = reduceBy('sum', cast(isNan.logicalNot(), 'f32'), axes, keepDims);
  return reduceBy('sum', where(isNan, 0, x), axes, keepDims).div(counts);
}
