import type { Operation } from '../graph/operation.ts';
import { rmsprop as launch } from '../kernels/optimizers/update.ts';
import { atLeastZero, type Variables } from './groups.ts';
import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './settings.ts';

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

const operation: Operation = { name: 'rmsprop', lowering: { kind: 'kernel', launch } };

/**
 * RMSprop (Tieleman & Hinton, Coursera lecture 6e, 2012), by PyTorch's formulas. Keeps the moments
 * 'meanSquare', with momentum 'velocity', and centered 'mean'.
 */
export function rmsprop(variables: Variables, options: RmspropOptions = {}): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
  atLeastZero('momentum', momentum);
  const names = [
    'meanSquare',
    ...(momentum > 0 ? ['velocity'] : []),
    ...(centered ? ['mean'] : []),
  ];
  const rule = {
    kind: 'rmsprop',
    operation,
    attributes: { momentum: momentum > 0, centered },
    moments: names.map((name) => ({ name, initial: 0 })),
    settings: { alpha, epsilon, momentum, centered },
    scalars: (_: number, lr: number, weightDecay: number) => [
      lr,
      alpha,
      epsilon,
      momentum,
      weightDecay,
    ],
  };
  return new Optimizer(rule, variables, options, { lr: 0.001, weightDecay: 0 });
}
