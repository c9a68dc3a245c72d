import type { Formula } from '../kernels/optimizers/formula.ts';
import type { MomentKind } from './flat-weights.ts';

/** An update rule: its formula, and what it works with. */
export interface Rule extends Formula {
  readonly moments: readonly MomentKind[];
  /** The options that are the rule's own, with their defaults. */
  readonly settings: Readonly<Record<string, number | boolean>>;
  /**
   * The scalars of the `step`-th step, from 1, computed in double: the fields of the formula's
   * `Params`, but for `vectors` and `clipValue`.
   */
  readonly scalars: (
    step: number,
    lr: number,
    weightDecay: number,
  ) => Readonly<Record<string, number>>;
}
