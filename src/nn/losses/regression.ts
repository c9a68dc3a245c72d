import { ArgumentError } from '../../errors.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { alike, type LossOptions, reduceLosses } from './reduction.ts';

/**
 * (outputs − targets)², for outputs f32 and targets of the same shape.
 * @throws ShapeError, DTypeError
 */
export function meanSquaredError(
  outputs: AnyTensor,
  targets: AnyTensor,
  { reduction }: LossOptions = {},
): Tensor {
  const wanted = alike('meanSquaredError', outputs, targets);
  return reduceLosses('meanSquaredError', outputs.squaredDifference(wanted), reduction);
}

/**
 * |outputs − targets|, for outputs f32 and targets of the same shape. Gradient 0 where both are
 * equal.
 * @throws ShapeError, DTypeError
 */
export function meanAbsoluteError(
  outputs: AnyTensor,
  targets: AnyTensor,
  { reduction }: LossOptions = {},
): Tensor {
  const wanted = alike('meanAbsoluteError', outputs, targets);
  return reduceLosses('meanAbsoluteError', outputs.sub(wanted).abs(), reduction);
}

export interface HuberOptions extends LossOptions {
  /** The error at which the square turns into a line. Default 1. */
  readonly delta?: number;
}

/**
 * e² / 2 for errors e = |outputs − targets| up to delta, delta · (e − delta / 2) beyond: less moved
 * by outliers than the square (Huber, "Robust estimation of a location parameter", 1964). Outputs
 * f32, targets of the same shape.
 * @throws ArgumentError for a delta that is not above 0; ShapeError, DTypeError
 */
export function huber(
  outputs: AnyTensor,
  targets: AnyTensor,
  { delta = 1, reduction }: HuberOptions = {},
): Tensor {
  if (!(delta > 0 && delta < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError(`huber: delta, ${delta}, must be a number above 0.`);
  }
  const error = outputs.sub(alike('huber', outputs, targets)).abs();
  const quadratic = error.minimum(delta);
  return reduceLosses('huber', quadratic.mul(error.sub(quadratic.mul(0.5))), reduction);
}
