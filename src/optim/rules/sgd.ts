import { requireFlag, requireNumber, requireOptions } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import source from '../../kernels/wgsl/optimizers/update/sgd.wgsl';
import momentumSource from '../../kernels/wgsl/optimizers/update/sgd-momentum.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from '../settings.ts';

/** `lr` is 0.01 by default. */
export interface SgdOptions extends OptimizerOptions {
  /** How much of the last step's velocity goes on. Default 0: none. */
  readonly momentum?: number;
  /** Looks ahead along the velocity. Default false. */
  readonly nesterov?: boolean;
  /** How much less of the gradient enters the velocity. Default 0. */
  readonly dampening?: number;
}

/**
 * Stochastic gradient descent, by PyTorch's formulas (momentum, Nesterov, weight decay,
 * dampening). With momentum it keeps the moment 'velocity'.
 */
export function sgd(variables: Variables, options: SgdOptions = {}): Optimizer {
  requireOptions('sgd', options, [...OPTIMIZER_OPTIONS, 'momentum', 'nesterov', 'dampening']);
  const { momentum = 0, nesterov = false, dampening = 0 } = options;
  requireNumber('sgd', { momentum }, { from: 0 });
  requireNumber('sgd', { dampening });
  requireFlag('sgd', 'nesterov', nesterov);
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new ArgumentError('sgd: nesterov needs a momentum over 0, and no dampening.');
  }
  const shared = { kind: 'sgd', settings: { momentum, nesterov, dampening } };
  const plain = {
    ...shared,
    source,
    moments: [],
    scalars: (_: number, lr: number, weightDecay: number) => ({ lr, weightDecay }),
  };
  const withMomentum = {
    ...shared,
    source: momentumSource,
    constants: { NESTEROV: Number(nesterov) },
    moments: [{ name: 'velocity', initial: 0 }],
    // The velocity starts with the whole first gradient, as in PyTorch.
    scalars: (step: number, lr: number, weightDecay: number) => ({
      lr,
      momentum,
      weightDecay,
      dampening: step === 1 ? 0 : dampening,
    }),
  };
  const rule = momentum > 0 ? withMomentum : plain;
  return new Optimizer(rule, variables, options, { lr: 0.01, weightDecay: 0 });
}
