import { requireNumber, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/adadelta.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from '../settings.ts';
import { fromZero } from './running-means.ts';

/** `lr`, a factor of steps that have their length from the ones before, is 1 by default. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of the means of squared gradients and of squared steps. Default 0.9. */
  readonly rho?: number;
  /** Added to both means, under the root. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Adadelta (Zeiler, "ADADELTA: an adaptive learning rate method", 2012), by PyTorch's formulas. Keeps the
 * moments 'meanSquare' and 'meanSquareStep'.
 */
export function adadelta(variables: Variables, options: AdadeltaOptions = {}): Optimizer {
  requireOptions('adadelta', options, [...OPTIMIZER_OPTIONS, 'rho', 'epsilon']);
  const { rho = 0.9, epsilon = 1e-6 } = options;
  requireNumber('adadelta', { rho }, { from: 0, to: 1 });
  requireNumber('adadelta', { epsilon }, { from: 0 });
  const rule = {
    kind: 'adadelta',
    source,
    moments: fromZero('meanSquare', 'meanSquareStep'),
    settings: { rho, epsilon },
    scalars: (_: number, lr: number, weightDecay: number) => ({ lr, rho, epsilon, weightDecay }),
  };
  return new Optimizer(rule, variables, options, { lr: 1, weightDecay: 0 });
}
