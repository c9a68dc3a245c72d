// What rules have in common that keep running means of the gradients and of their squares, as Adam does.
import { requireNumber } from '../../arguments.ts';
import type { OptimizerOptions } from '../settings.ts';

export interface RunningMeansOptions extends OptimizerOptions {
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
}

export interface DecoupledOptions extends RunningMeansOptions {
  /** Whether weight decay shrinks the weights directly, as in AdamW. Default false. */
  readonly decoupledWeightDecay?: boolean;
}

/** The options as they are, and the decays as the kernel has them: corrections for others would drift. */
export function meansOf(kind: string, options: RunningMeansOptions, defaultEpsilon = 1e-8) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon } = options;
  requireNumber(kind, { beta1, beta2 }, { from: 0, below: 1 });
  requireNumber(kind, { epsilon }, { from: 0 });
  const settings = { beta1, beta2, epsilon };
  return { settings, beta1: Math.fround(beta1), beta2: Math.fround(beta2), epsilon };
}

/** Moments that start with 0. */
export const fromZero = (...names: string[]) => names.map((name) => ({ name, initial: 0 }));

/** Weight decay as a part of the gradient, or decoupled from it: as a part of the weights themselves. */
export function decayOf(lr: number, weightDecay: number, isDecoupled: boolean) {
  return isDecoupled
    ? { weightDecay: 0, decoupledDecay: lr * weightDecay }
    : { weightDecay, decoupledDecay: 0 };
}
