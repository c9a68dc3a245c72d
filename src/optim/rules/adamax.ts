import { requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/adamax.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS } from '../settings.ts';
import { fromZero, meansOf, type RunningMeansOptions } from './running-means.ts';

/** `lr` is 0.002 by default; `epsilon` is added to the gradients' magnitudes, `beta2` decays the largest. */
export type AdamaxOptions = RunningMeansOptions;

/**
 * Adamax (Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 7.1), by PyTorch's
 * formulas: Adam that divides by the largest gradient, which decays, rather than by a root of squares.
 * Keeps the moments 'mean' and 'largest'.
 */
export function adamax(variables: Variables, options: AdamaxOptions = {}): Optimizer {
  requireOptions('adamax', options, [...OPTIMIZER_OPTIONS, 'beta1', 'beta2', 'epsilon']);
  const { settings, beta1, beta2, epsilon } = meansOf('adamax', options);
  const rule = {
    kind: 'adamax',
    source,
    moments: fromZero('mean', 'largest'),
    settings,
    scalars: (step: number, lr: number, weightDecay: number) => ({
      stepSize: lr / (1 - beta1 ** step),
      beta1,
      beta2,
      epsilon,
      weightDecay,
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 0.002, weightDecay: 0 });
}
