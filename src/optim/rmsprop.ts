import { rmsprop as launch } from '../kernels/optimizers.ts';
import type { Op } from '../tensor/op.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { Optimizer } from './optimizer.ts';

export interface RmspropOptions {
  /** Default 0.001 (Keras; PyTorch's 0.01 is too much for most networks). */
  readonly lr?: number;
  /** Decay of the mean of squared gradients. Default 0.99. */
  readonly alpha?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
  /** How much of the last step goes on. Default 0: none. */
  readonly momentum?: number;
  /** Divides by the deviation instead of the root mean square. Default false. */
  readonly centered?: boolean;
  /** L2 penalty added to the gradients. Default 0. */
  readonly weightDecay?: number;
}

const operation: Op = { name: 'rmsprop', lowering: { kind: 'kernel', launch } };

class Rmsprop extends Optimizer {
  protected readonly operation = operation;
  protected readonly momentCount: number;
  protected override readonly attributes: { momentum: boolean; centered: boolean };
  private readonly options: RmspropOptions;

  constructor(variables: readonly AnyVariable[], options: RmspropOptions) {
    super(variables, options.lr ?? 0.001);
    this.options = options;
    const [momentum, centered] = [(options.momentum ?? 0) > 0, options.centered ?? false];
    this.attributes = { momentum, centered };
    this.momentCount = 1 + Number(momentum) + Number(centered);
  }

  protected scalars(): readonly number[] {
    const { alpha = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = this.options;
    return [this.lr, alpha, epsilon, momentum, weightDecay];
  }
}

/** RMSprop (Tieleman & Hinton, Coursera lecture 6e, 2012), by PyTorch's formulas. */
export function rmsprop(
  variables: readonly AnyVariable[],
  options: RmspropOptions = {},
): Optimizer {
  return new Rmsprop(variables, options);
}
