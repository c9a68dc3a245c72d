import { requireNumber, requireOptions } from '../../arguments.ts';
import { unit } from '../random/distributions.ts';
import { deviceStream, type RandomOptions } from '../random/generator.ts';
import { requireDType } from '../require-dtype.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { where } from './where.ts';

/**
 * Sets each element to 0 with probability `rate` and scales the others so that the mean stays
 * (Srivastava et al., "Dropout", JMLR 2014). The mask is recomputed in the backward pass.
 * @throws ArgumentError where the rate is not in 0 … 1, or the seed not a whole number.
 * @throws DTypeError where x is not f32.
 */
export function dropout(x: AnyTensor, rate: number, options: RandomOptions = {}): Tensor {
  requireOptions('dropout', options, ['seed']);
  requireNumber('dropout', { rate }, { from: 0, to: 1 });
  requireDType('dropout', x, ['f32']);
  if (rate === 0) return x;
  if (rate === 1) return zeros(x.shape);
  const kept = unit(x.shape, deviceStream(options)).greaterEqual(rate);
  return where(kept, x.mul(1 / (1 - rate)), zeros(x.shape));
}
