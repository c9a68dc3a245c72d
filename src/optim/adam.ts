import { adam as launch } from '../kernels/optimizers.ts';
import type { Op } from '../tensor/op.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { Optimizer } from './optimizer.ts';

export interface AdamOptions {
  /** Default 0.001. */
  readonly lr?: number;
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
  /** L2 penalty added to the gradients (adam), or weights shrunk directly (adamW). */
  readonly weightDecay?: number;
}

const operation: Op = { name: 'adam', lowering: { kind: 'kernel', launch } };

class Adam extends Optimizer {
  protected readonly operation = operation;
  protected readonly momentCount = 2;
  private readonly options: AdamOptions;
  private readonly decoupled: boolean;

  constructor(variables: readonly AnyVariable[], options: AdamOptions, decoupled: boolean) {
    super(variables, options.lr ?? 0.001);
    this.options = options;
    this.decoupled = decoupled;
  }

  protected scalars(): readonly number[] {
    const { epsilon = 1e-8, weightDecay = this.decoupled ? 0.01 : 0 } = this.options;
    // The kernel's betas are f32; corrections for other values would drift away from its moments.
    const [beta1, beta2] = [
      Math.fround(this.options.beta1 ?? 0.9),
      Math.fround(this.options.beta2 ?? 0.999),
    ];
    const stepSize = this.lr / (1 - beta1 ** this.steps);
    const inverseSqrtBias2 = 1 / Math.sqrt(1 - beta2 ** this.steps);
    const [added, decoupled] = this.decoupled ? [0, this.lr * weightDecay] : [weightDecay, 0];
    return [stepSize, beta1, beta2, epsilon, inverseSqrtBias2, added, decoupled];
  }
}

/** Adam (Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015). */
export function adam(variables: readonly AnyVariable[], options: AdamOptions = {}): Optimizer {
  return new Adam(variables, options, false);
}

/** AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019); decay 0.01 by default. */
export function adamW(variables: readonly AnyVariable[], options: AdamOptions = {}): Optimizer {
  return new Adam(variables, options, true);
}
