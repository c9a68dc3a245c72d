import { apply, type Op } from '../op.ts';
import type { Tensor } from '../tensor.ts';

const lossOp: Op<[x: Tensor, t: Tensor]> = {
  name: 'sigmoidCrossEntropy',
  lowering: {
    kind: 'elementwise',
    wgsl: ([x, t]: [string, string]) => `soft_plus_beyond(${x}, ${t})`,
    functions: ['exponential', 'softplus'],
    heavy: true,
  },
  vjp: (g, { inputs: [x, t] }) => [g.mul(apply(slopeOp, [x, t], x)), g.mul(x).neg()],
};

const slopeOp: Op<[x: Tensor, t: Tensor]> = {
  name: 'sigmoidCrossEntropySlope',
  lowering: {
    kind: 'elementwise',
    wgsl: ([x, t]: [string, string]) => `logistic_beyond(${x}, ${t})`,
    functions: ['exponential', 'sigmoid'],
    heavy: true,
  },
  vjp: (g, { inputs: [x] }) => [g.mul(x.sigmoid()).mul(x.neg().sigmoid()), g.neg()],
};

/**
 * −t log sigmoid(x) − (1 − t) log(1 − sigmoid(x)), without overflow; small losses keep their digits.
 * Shapes and dtypes have been checked by the caller.
 */
export function sigmoidCrossEntropy(x: Tensor, t: Tensor): Tensor {
  return apply(lossOp, [x, t], x);
}
