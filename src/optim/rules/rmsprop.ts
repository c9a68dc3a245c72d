import { requireFlag, requireNumber, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/rmsprop.wgsl';
import centeredPlain from '../../kernels/wgsl/optimizers/update/rmsprop-centered.wgsl';
import centeredMomentum from '../../kernels/wgsl/optimizers/update/rmsprop-centered-momentum.wgsl';
import uncenteredMomentum from '../../kernels/wgsl/optimizers/update/rmsprop-momentum.wgsl';
import plain from '../../kernels/wgsl/optimizers/update/rmsprop-plain.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from '../settings.ts';

/** `lr` is 0.001 by default (Keras; PyTorch's 0.01 is too much for most networks). */
export interface RmspropOptions extends OptimizerOptions {
  /** Decay of the mean of squared gradients. Default 0.99. */
  readonly alpha?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
  /** How much of the last step goes on. Default 0: none. */
  readonly momentum?: number;
  /** Divides by the deviation instead of the root mean square. Default false. */
  readonly centered?: boolean;
}

/**
 * RMSprop (Tieleman & Hinton, Coursera lecture 6e, 2012), by PyTorch's formulas. Keeps the moments
 * 'meanSquare', with momentum 'velocity', and centered 'mean'.
 */
export function rmsprop(variables: Variables, options: RmspropOptions = {}): Optimizer {
  requireOptions('rmsprop', options, [
    ...OPTIMIZER_OPTIONS,
    'alpha',
    'epsilon',
    'momentum',
    'centered',
  ]);
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
  requireNumber('rmsprop', { epsilon, momentum }, { from: 0 });
  requireNumber('rmsprop', { alpha }, { from: 0, to: 1 });
  requireFlag('rmsprop', 'centered', centered);
  const displacement = centered
    ? momentum > 0
      ? centeredMomentum
      : centeredPlain
    : momentum > 0
      ? uncenteredMomentum
      : plain;
  const names = [
    'meanSquare',
    ...(momentum > 0 ? ['velocity'] : []),
    ...(centered ? ['mean'] : []),
  ];
  const rule = {
    kind: 'rmsprop',
    source: source + displacement,
    moments: names.map((name) => ({ name, initial: 0 })),
    settings: { alpha, epsilon, momentum, centered },
    scalars: (_: number, lr: number, weightDecay: number) => ({
      lr,
      alpha,
      epsilon,
      momentum,
      weightDecay,
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 0.001, weightDecay: 0 });
}
