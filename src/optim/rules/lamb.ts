import { requireFlag, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/trust/lamb.wgsl';
import direction from '../../kernels/wgsl/optimizers/trust/lamb-direction.wgsl';
import step from '../../kernels/wgsl/optimizers/trust/lamb-step.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS } from '../settings.ts';
import { fromZero, meansOf, type RunningMeansOptions } from './running-means.ts';

/** `lr` is 0.001, `weightDecay` 0.01 and `epsilon` 1e-6 by default. */
export interface LambOptions extends RunningMeansOptions {
  /** Whether norms scale the steps of a group whose `weightDecay` is 0, too. Default false. */
  readonly alwaysAdapt?: boolean;
}

/**
 * LAMB (You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", ICLR 2020,
 * algorithm 2), for large batches: Adam whose step is, for each variable by itself, as long as the rate times
 * the norm of its weights. Biases and scales of normalisations, which are small or 0, want a group with
 * `weightDecay: 0`: those take the steps of Adam. Keeps the moments of Adam.
 */
export function lamb(variables: Variables, options: LambOptions = {}): Optimizer {
  const own = ['beta1', 'beta2', 'epsilon', 'alwaysAdapt'] as const;
  requireOptions('lamb', options, [...OPTIMIZER_OPTIONS, ...own]);
  const { settings, beta1, beta2, epsilon } = meansOf('lamb', options, 1e-6);
  const { alwaysAdapt = false } = options;
  requireFlag('lamb', 'alwaysAdapt', alwaysAdapt);
  const moments = fromZero('mean', 'variance');
  const rule = {
    kind: 'lamb',
    source: source + step,
    direction: { source: source + direction, moments },
    moments,
    settings: { ...settings, alwaysAdapt },
    scalars: (at: number, lr: number, weightDecay: number) => ({
      lr,
      beta1,
      beta2,
      epsilon,
      inverseBias1: 1 / (1 - beta1 ** at),
      inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** at),
      weightDecay,
      adapts: Number(alwaysAdapt || weightDecay > 0),
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 0.001, weightDecay: 0.01 });
}
