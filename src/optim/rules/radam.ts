import { requireFlag, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/adam.wgsl';
import withLatest from '../../kernels/wgsl/optimizers/update/adam-latest.wgsl';
import means from '../../kernels/wgsl/optimizers/update/adam-means.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS } from '../settings.ts';
import { type DecoupledOptions, decayOf, fromZero, meansOf } from './running-means.ts';

/** `lr` is 0.001 by default. */
export type RadamOptions = DecoupledOptions;

/**
 * RAdam (Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020), by PyTorch's
 * formulas: Adam whose first steps, five by default, go along the mean of the gradients alone, and whose
 * later ones are shortened by as much as the variance is not to be relied on. Keeps the moments of Adam.
 */
export function radam(variables: Variables, options: RadamOptions = {}): Optimizer {
  const own = ['beta1', 'beta2', 'epsilon', 'decoupledWeightDecay'] as const;
  requireOptions('radam', options, [...OPTIMIZER_OPTIONS, ...own]);
  const { settings, beta1, beta2, epsilon } = meansOf('radam', options);
  const { decoupledWeightDecay = false } = options;
  requireFlag('radam', 'decoupledWeightDecay', decoupledWeightDecay);
  const rule = {
    kind: 'radam',
    source: source + means + withLatest,
    moments: fromZero('mean', 'variance'),
    settings: { ...settings, decoupledWeightDecay },
    scalars: (step: number, lr: number, weightDecay: number) => {
      const rectification = rectificationOf(step, beta2);
      // What the kernel divides by is √variance · inverseSqrtBias2 + epsilon: 1 without the variance.
      const [inverseSqrtBias2, added] =
        rectification === undefined ? [0, 1] : [1 / rectification, epsilon / rectification];
      return {
        stepSize: lr / (1 - beta1 ** step),
        beta1,
        beta2,
        epsilon: added,
        inverseSqrtBias2,
        ...decayOf(lr, weightDecay, decoupledWeightDecay),
      };
    },
  };
  return new Optimizer(rule, variables, options, { lr: 0.001, weightDecay: 0 });
}

/** What a step is multiplied by, the variance's bias corrected; undefined where it is too uncertain. */
function rectificationOf(step: number, beta2: number): number | undefined {
  const bias = 1 - beta2 ** step;
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * step * beta2 ** step) / bias;
  if (length <= 5) return undefined;
  const [now, limit] = [length, most].map((rho) => ((rho - 4) * (rho - 2)) / rho) as [
    number,
    number,
  ];
  return Math.sqrt((bias * now) / limit);
}
