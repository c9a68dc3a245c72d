import type { Tensor } from '../tensor.ts';
import { where } from './where.ts';

/**
 * `x` times its weight. What has the weight 0 adds nothing even where it is infinite, as the loss of a masked class
 * or a pixel beside the one that is read.
 */
export function shareOf(x: Tensor, weight: Tensor): Tensor {
  return where(weight.equal(0).logicalAnd(x.isInf()), 0, x.mul(weight));
}
