import { requireFlag, requireNumber, requireOptions } from '../../arguments.ts';
import means from '../../kernels/wgsl/optimizers/update/adam-means.wgsl';
import source from '../../kernels/wgsl/optimizers/update/nadam.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS } from '../settings.ts';
import { type DecoupledOptions, decayOf, fromZero, meansOf } from './running-means.ts';

/** `lr` is 0.002 by default. */
export interface NadamOptions extends DecoupledOptions {
  /** How fast the momentum rises from beta1 / 2 to beta1. Default 0.004. */
  readonly momentumDecay?: number;
}

/**
 * NAdam (Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016), by PyTorch's formulas:
 * Adam that looks ahead along the mean of the gradients. Keeps the moments of Adam.
 */
export function nadam(variables: Variables, options: NadamOptions = {}): Optimizer {
  const own = ['beta1', 'beta2', 'epsilon', 'momentumDecay', 'decoupledWeightDecay'] as const;
  requireOptions('nadam', options, [...OPTIMIZER_OPTIONS, ...own]);
  const { settings, beta1, beta2, epsilon } = meansOf('nadam', options);
  const { momentumDecay = 0.004, decoupledWeightDecay = false } = options;
  requireNumber('nadam', { momentumDecay }, { from: 0 });
  requireFlag('nadam', 'decoupledWeightDecay', decoupledWeightDecay);
  const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
  const productAt = products(momentumAt);
  const rule = {
    kind: 'nadam',
    source: source + means,
    moments: fromZero('mean', 'variance'),
    settings: { ...settings, momentumDecay, decoupledWeightDecay },
    scalars: (step: number, lr: number, weightDecay: number) => {
      const [product, next] = [productAt(step), momentumAt(step + 1)];
      return {
        gradientStep: (lr * (1 - momentumAt(step))) / (1 - product),
        meanStep: (lr * next) / (1 - product * next),
        beta1,
        beta2,
        epsilon,
        inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** step),
        ...decayOf(lr, weightDecay, decoupledWeightDecay),
      };
    },
  };
  return new Optimizer(rule, variables, options, { lr: 0.002, weightDecay: 0 });
}

/** The product of a factor for each step up to one; it goes on from the step it was last asked for. */
function products(factorAt: (step: number) => number): (step: number) => number {
  let [at, product] = [0, 1];
  return (step) => {
    if (step < at) [at, product] = [0, 1];
    while (at < step) product *= factorAt(++at);
    return product;
  };
}
