import { requireNumber, requireOptions } from '../arguments.ts';
import source from '../kernels/wgsl/optimizers/update/adam.wgsl';
import type { Variables } from './groups.ts';
import { Optimizer } from './optimizer.ts';
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from './settings.ts';

/** `lr` is 0.001 by default. With `adamW` weight decay shrinks the weights directly. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015). Keeps the moments
 * 'mean' and 'variance', the running means of the gradients and of their squares.
 */
export function adam(variables: Variables, options: AdamOptions = {}): Optimizer {
  return make('adam', variables, options, 0);
}

/**
 * AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019); decay 0.01 by
 * default. Keeps the moments of {@link adam}.
 */
export function adamW(variables: Variables, options: AdamOptions = {}): Optimizer {
  return make('adamW', variables, options, 0.01);
}

function make(
  kind: 'adam' | 'adamW',
  variables: Variables,
  options: AdamOptions,
  defaultDecay: number,
): Optimizer {
  requireOptions(kind, options, [...OPTIMIZER_OPTIONS, 'beta1', 'beta2', 'epsilon']);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  requireNumber(kind, { beta1, beta2 }, { from: 0, below: 1 });
  requireNumber(kind, { epsilon }, { from: 0 });
  // The kernel's betas are f32; corrections for other values would drift away from its moments.
  const [b1, b2] = [Math.fround(beta1), Math.fround(beta2)];
  const rule = {
    kind,
    source,
    moments: [
      { name: 'mean', initial: 0 },
      { name: 'variance', initial: 0 },
    ],
    settings: { beta1, beta2, epsilon },
    scalars: (step: number, lr: number, weightDecay: number) => {
      const [added, decoupled] = kind === 'adamW' ? [0, lr * weightDecay] : [weightDecay, 0];
      return {
        stepSize: lr / (1 - b1 ** step),
        beta1: b1,
        beta2: b2,
        epsilon,
        inverseSqrtBias2: 1 / Math.sqrt(1 - b2 ** step),
        weightDecay: added,
        decoupledDecay: decoupled,
      };
    },
  };
  return new Optimizer(rule, variables, options, { lr: 0.001, weightDecay: defaultDecay });
}
