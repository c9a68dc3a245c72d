import { where } from '../../tensor/ops/where.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** `x` times its weight. What has the weight 0 adds nothing even where it is infinite, as of a masked class. */
export function shareOf(x: Tensor, weight: Tensor): Tensor {
  return where(weight.equal(0).logicalAnd(x.isInf()), 0, x.mul(weight));
}
