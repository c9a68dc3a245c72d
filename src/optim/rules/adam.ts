import { requireFlag, requireOptions } from '../../arguments.ts';
import source from '../../kernels/wgsl/optimizers/update/adam.wgsl';
import withLargest from '../../kernels/wgsl/optimizers/update/adam-amsgrad.wgsl';
import withLatest from '../../kernels/wgsl/optimizers/update/adam-latest.wgsl';
import means from '../../kernels/wgsl/optimizers/update/adam-means.wgsl';
import type { Variables } from '../groups.ts';
import { Optimizer } from '../optimizer.ts';
import { OPTIMIZER_OPTIONS } from '../settings.ts';
import { decayOf, fromZero, meansOf, type RunningMeansOptions } from './running-means.ts';

/** `lr` is 0.001 by default. With `adamW` weight decay shrinks the weights directly. */
export interface AdamOptions extends RunningMeansOptions {
  /**
   * Divides by the root of the largest variance so far instead of the latest (Reddi et al., "On the
   * convergence of Adam and beyond", ICLR 2018), kept as the moment 'largest'. Default false.
   */
  readonly amsgrad?: boolean;
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
  requireOptions(kind, options, [...OPTIMIZER_OPTIONS, 'beta1', 'beta2', 'epsilon', 'amsgrad']);
  const { settings, beta1, beta2, epsilon } = meansOf(kind, options);
  const { amsgrad = false } = options;
  requireFlag(kind, 'amsgrad', amsgrad);
  const rule = {
    kind,
    source: source + means + (amsgrad ? withLargest : withLatest),
    moments: fromZero('mean', 'variance', ...(amsgrad ? ['largest'] : [])),
    // Checkpoints compare settings: those of before have no word of it.
    settings: { ...settings, ...(amsgrad ? { amsgrad } : {}) },
    scalars: (step: number, lr: number, weightDecay: number) => ({
      stepSize: lr / (1 - beta1 ** step),
      beta1,
      beta2,
      epsilon,
      inverseSqrtBias2: 1 / Math.sqrt(1 - beta2 ** step),
      ...decayOf(lr, weightDecay, kind === 'adamW'),
    }),
  };
  return new Optimizer(rule, variables, options, { lr: 0.001, weightDecay: defaultDecay });
}
