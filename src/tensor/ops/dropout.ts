import { requireList, requireNumber, requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { unit } from '../random/distributions.ts';
import { deviceStream, type RandomOptions } from '../random/generator.ts';
import { requireDType } from '../require-dtype.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { where } from './where.ts';

export interface DropoutOptions extends RandomOptions {
  /**
   * A shape that expands to that of x: elements that share one of it are dropped together, such as whole
   * channels of images by [N, 1, 1, C]. Default: that of x.
   */
  readonly noiseShape?: readonly number[];
}

/**
 * Sets each element to 0 with probability `rate` and scales the others so that the mean stays
 * (Srivastava et al., "Dropout", JMLR 2014). The mask is recomputed in the backward pass.
 * @throws ArgumentError where the rate is not in 0 … 1, or the seed not a whole number.
 * @throws ShapeError where the noise shape does not expand to that of x.
 * @throws DTypeError where x is not f32.
 */
export function dropout(x: AnyTensor, rate: number, options: DropoutOptions = {}): Tensor {
  requireOptions('dropout', options, ['seed', 'noiseShape']);
  requireNumber('dropout', { rate }, { from: 0, to: 1 });
  requireDType('dropout', x, ['f32']);
  const { noiseShape = x.shape } = options;
  if (rate === 0) return x;
  if (rate === 1) return zeros(x.shape);
  requireNoiseShape(x, noiseShape);
  const kept = unit(noiseShape, deviceStream(options)).greaterEqual(rate);
  return where(kept, x.mul(1 / (1 - rate)), zeros(x.shape));
}

function requireNoiseShape(x: AnyTensor, noiseShape: readonly number[]): void {
  requireList('dropout', noiseShape, 'sizes, such as [8, 1, 1, 32]');
  const extra = x.rank - noiseShape.length;
  if (extra >= 0 && noiseShape.every((size, i) => size === 1 || size === x.shape[i + extra]))
    return;
  throw new ShapeError(
    `dropout: the noise shape [${noiseShape}] does not expand to [${x.shape}]: aligned at the end, each size must be equal or 1.`,
  );
}
