import type { Operation } from '../graph/operation.ts';
import type { MomentKind } from './flat-weights.ts';

/** An update rule: its op, and what it works with. */
export interface Rule {
  readonly kind: string;
  /** Updates weights and moments in place; see kernels/optimizers/update.ts. */
  readonly operation: Operation;
  /** Which terms the op's kernel has. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In the order of the op's inputs. */
  readonly moments: readonly MomentKind[];
  /** The options that are the rule's own, with their defaults. */
  readonly settings: Readonly<Record<string, number | boolean>>;
  /** The op's scalars for the `step`-th step, from 1, computed in double; without `clipValue`. */
  readonly scalars: (step: number, lr: number, weightDecay: number) => readonly number[];
}
