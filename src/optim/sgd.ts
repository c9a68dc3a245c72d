import { sgd as launch } from '../kernels/optimizers.ts';
import type { Op } from '../tensor/op.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** Default 0.01. */
  readonly lr?: number;
  /** How much of the last step's velocity goes on. Default 0: none. */
  readonly momentum?: number;
  /** Looks ahead along the velocity. Default false. */
  readonly nesterov?: boolean;
  /** L2 penalty added to the gradients. Default 0. */
  readonly weightDecay?: number;
  /** How much less of the gradient enters the velocity. Default 0. */
  readonly dampening?: number;
}

const operation: Op = { name: 'sgd', lowering: { kind: 'kernel', launch } };

class Sgd extends Optimizer {
  protected readonly operation = operation;
  protected readonly momentCount: number;
  protected override readonly attributes: { momentum: boolean; nesterov: boolean };
  private readonly options: SgdOptions;

  constructor(variables: readonly AnyVariable[], options: SgdOptions) {
    super(variables, options.lr ?? 0.01);
    const momentum = (options.momentum ?? 0) > 0;
    this.options = options;
    this.momentCount = momentum ? 1 : 0;
    this.attributes = { momentum, nesterov: options.nesterov ?? false };
  }

  protected scalars(): readonly number[] {
    const { momentum = 0, weightDecay = 0, dampening = 0 } = this.options;
    // The velocity starts with the whole first gradient, as in PyTorch.
    return [this.lr, momentum, weightDecay, this.steps === 1 ? 0 : dampening];
  }
}

/** Stochastic gradient descent, by PyTorch's formulas (momentum, Nesterov, weight decay, dampening). */
export function sgd(variables: readonly AnyVariable[], options: SgdOptions = {}): Optimizer {
  return new Sgd(variables, options);
}
