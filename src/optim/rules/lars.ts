import { requireFlag, requireNumber, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/trust/lars.wgsl';
import direction from '../../kernels/wgsl/optimizers/trust/lars-direction.wgsl';
import step from '../../kernels/wgsl/optimizers/trust/lars-step.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from '../settings.ts';
import { fromZero } from './running-means.ts';

/** `lr` is 1 and `weightDecay` 0.0001 by default. */
export interface LarsOptions extends OptimizerOptions {
  /** How much of the last step's velocity goes on. Default 0.9. */
  readonly momentum?: number;
  /** Looks ahead along the velocity. Default false. */
  readonly nesterov?: boolean;
  /** How long a step is at a rate of 1, as a part of the norm of its variable. Default 0.001. */
  readonly trustCoefficient?: number;
  /** Whether norms scale the steps of a group whose `weightDecay` is 0, too. Default false. */
  readonly alwaysAdapt?: boolean;
}

/**
 * LARS (You, Gitman & Ginsburg, "Large batch training of convolutional networks", 2017): gradient descent
 * with momentum whose rate is, for each variable by itself, multiplied by trustCoefficient · ‖weights‖ /
 * (‖gradient‖ + weightDecay · ‖weights‖), and by 1 where one of the norms is 0. Biases and scales of
 * normalisations want a group with `weightDecay: 0`: those take the steps of `sgd`, at the rate of the
 * group. Keeps the moment 'velocity'.
 */
export function lars(variables: Variables, options: LarsOptions = {}): Optimizer {
  const own = ['momentum', 'nesterov', 'trustCoefficient', 'alwaysAdapt'] as const;
  requireOptions('lars', options, [...OPTIMIZER_OPTIONS, ...own]);
  const { momentum = 0.9, nesterov = false } = options;
  const { trustCoefficient = 0.001, alwaysAdapt = false } = options;
  requireNumber('lars', { momentum, trustCoefficient }, { from: 0 });
  requireFlag('lars', 'nesterov', nesterov);
  requireFlag('lars', 'alwaysAdapt', alwaysAdapt);
  const rule = {
    kind: 'lars',
    source: source + step,
    direction: { source: source + direction, moments: [] },
    constants: { NESTEROV: Number(nesterov) },
    moments: fromZero('velocity'),
    settings: { momentum, nesterov, trustCoefficient, alwaysAdapt },
    scalars: (_: number, lr: number, weightDecay: number) => ({
      lr,
      momentum,
      trustCoefficient,
      weightDecay,
      adapts: Number(alwaysAdapt || weightDecay > 0),
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 1, weightDecay: 1e-4 });
}
