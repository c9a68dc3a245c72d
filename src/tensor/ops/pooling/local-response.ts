import { requireNumber, requireOptions, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { requireDType } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { reshape } from '../views.ts';
import { avgPool1d } from './pool1d.ts';

export interface LocalResponseOptions {
  /** How many channels to either side count. Default 5. */
  readonly depthRadius?: number;
  /** What is added, so that nothing is divided by 0. Default 1. */
  readonly bias?: number;
  /** Factor of the sum of squares. Default 1. */
  readonly alpha?: number;
  /** The power that x is divided by. Default 0.5. */
  readonly beta?: number;
}

/**
 * x / (bias + alpha · Σ x²) ^ beta, the sum over the channels nearby (Krizhevsky et al., 2012), with
 * TensorFlow's names and defaults: x [..., C], f32. PyTorch's `local_response_norm` of `size` 2 r + 1 has
 * `depthRadius` r and its alpha divided by `size`.
 * @throws ShapeError where x has no axes.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or no number it can be.
 */
export function localResponseNormalization(
  x: AnyTensor,
  options: LocalResponseOptions = {},
): Tensor {
  const op = 'localResponseNormalization';
  requireOptions(op, options, ['depthRadius', 'bias', 'alpha', 'beta']);
  const { depthRadius = 5, bias = 1, alpha = 1, beta = 0.5 } = options;
  requireWhole(op, { depthRadius }, { from: 0 });
  requireNumber(op, { bias, alpha, beta });
  requireDType(op, x, ['f32']);
  if (x.rank === 0) throw new ShapeError(`${op}: needs channels on the last axis, got a scalar.`);
  if (x.size === 0) return x;
  const squares = reshape(x.square(), [-1, sizeOf(x.shape, -1), 1]);
  const filterSize = 2 * depthRadius + 1;
  const options1d = { filterSize, strides: 1, padding: depthRadius, countIncludePad: true };
  const mean = reshape(avgPool1d(squares, options1d), x.shape);
  const base = mean.mul(alpha * filterSize).add(bias);
  return x.div(base.pow(beta));
}
