import { requireNumber, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/adagrad.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from '../settings.ts';

/** `lr` is 0.01 by default. */
export interface AdagradOptions extends OptimizerOptions {
  /** The rate of step t, from 0, is lr / (1 + t · lrDecay). Default 0. */
  readonly lrDecay?: number;
  /** Added to the denominator. Default 1e-10. */
  readonly epsilon?: number;
  /** What the sums of squares start with. Default 0. */
  readonly initialAccumulator?: number;
}

/**
 * Adagrad (Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic
 * optimization", JMLR 2011), by PyTorch's formulas. Keeps the moment 'squareSum'.
 */
export function adagrad(variables: Variables, options: AdagradOptions = {}): Optimizer {
  requireOptions('adagrad', options, [
    ...OPTIMIZER_OPTIONS,
    'lrDecay',
    'epsilon',
    'initialAccumulator',
  ]);
  const { lrDecay = 0, epsilon = 1e-10, initialAccumulator = 0 } = options;
  requireNumber('adagrad', { lrDecay, epsilon, initialAccumulator }, { from: 0 });
  const rule = {
    kind: 'adagrad',
    source,
    moments: [{ name: 'squareSum', initial: initialAccumulator }],
    settings: { lrDecay, epsilon, initialAccumulator },
    scalars: (step: number, lr: number, weightDecay: number) => ({
      lr: lr / (1 + (step - 1) * lrDecay),
      epsilon,
      weightDecay,
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 0.01, weightDecay: 0 });
}
