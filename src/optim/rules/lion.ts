import { requireNumber, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/lion.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from '../settings.ts';
import { fromZero } from './running-means.ts';

/** `lr` is 0.0001 by default; weight decay shrinks the weights directly. */
export interface LionOptions extends OptimizerOptions {
  /** How much of the mean enters the step; the rest is the gradient. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of the gradients. Default 0.99. */
  readonly beta2?: number;
}

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023): every weight moves
 * by the rate, up or down, which wants a rate 3 to 10 times smaller than Adam's and a decay as many times
 * larger. Keeps the moment 'mean'.
 */
export function lion(variables: Variables, options: LionOptions = {}): Optimizer {
  requireOptions('lion', options, [...OPTIMIZER_OPTIONS, 'beta1', 'beta2']);
  const { beta1 = 0.9, beta2 = 0.99 } = options;
  requireNumber('lion', { beta1, beta2 }, { from: 0, below: 1 });
  const rule = {
    kind: 'lion',
    source,
    moments: fromZero('mean'),
    settings: { beta1, beta2 },
    scalars: (_: number, lr: number, weightDecay: number) => ({
      lr,
      beta1,
      beta2,
      decoupledDecay: lr * weightDecay,
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 1e-4, weightDecay: 0 });
}
