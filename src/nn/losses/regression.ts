import { requireNumber, requireOptions } from '../../arguments.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { alike, type LossOptions, reduceLosses } from './reduction.ts';

/**
 * (outputs − targets)², for outputs f32 and targets of the same shape.
 * @throws ShapeError where the shapes differ.
 * @throws DTypeError where the outputs are not f32.
 * @throws ArgumentError where there is no such reduction.
 */
export function meanSquaredError(
  outputs: AnyTensor,
  targets: AnyTensor,
  options: LossOptions = {},
): Tensor {
  requireOptions('meanSquaredError', options, ['reduction']);
  const [x, t] = alike('meanSquaredError', outputs, targets);
  return reduceLosses('meanSquaredError', x.squaredDifference(t), options.reduction);
}

/**
 * |outputs − targets|, for outputs f32 and targets of the same shape. Gradient 0 where both are
 * equal.
 * @throws ShapeError where the shapes differ.
 * @throws DTypeError where the outputs are not f32.
 * @throws ArgumentError where there is no such reduction.
 */
export function meanAbsoluteError(
  outputs: AnyTensor,
  targets: AnyTensor,
  options: LossOptions = {},
): Tensor {
  requireOptions('meanAbsoluteError', options, ['reduction']);
  const [x, t] = alike('meanAbsoluteError', outputs, targets);
  return reduceLosses('meanAbsoluteError', x.sub(t).abs(), options.reduction);
}

export interface HuberOptions extends LossOptions {
  /** The error at which the square turns into a line. Default 1. */
  readonly delta?: number;
}

/**
 * e² / 2 for errors e = |outputs − targets| up to delta, delta · (e − delta / 2) beyond: less moved
 * by outliers than the square (Huber, "Robust estimation of a location parameter", 1964). Outputs
 * f32, targets of the same shape.
 * @throws ArgumentError where delta is not above 0, or there is no such reduction.
 * @throws ShapeError where the shapes differ.
 * @throws DTypeError where the outputs are not f32.
 */
export function huber(outputs: AnyTensor, targets: AnyTensor, options: HuberOptions = {}): Tensor {
  requireOptions('huber', options, ['delta', 'reduction']);
  const { delta = 1, reduction } = options;
  requireNumber('huber', { delta }, { above: 0 });
  const [x, t] = alike('huber', outputs, targets);
  const error = x.sub(t).abs();
  const quadratic = error.minimum(delta);
  return reduceLosses('huber', quadratic.mul(error.sub(quadratic.mul(0.5))), reduction);
}
