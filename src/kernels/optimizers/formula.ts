import type { LaunchContext } from '../launch.ts';
import { fieldsOf } from '../program.ts';

/** An optimizer's formula: what completes the frame wgsl/optimizers/update.wgsl. */
export interface Formula {
  readonly kind: string;
  /** A file of wgsl/optimizers/update/. */
  readonly source: string;
  readonly constants?: Readonly<Record<string, number>>;
  /** What it keeps of earlier steps: the names of its buffers, in the order of their bindings. */
  readonly moments: readonly { readonly name: string }[];
  /**
   * Where its steps are scaled by norms of each variable, what completes wgsl/optimizers/trust/squares.wgsl,
   * and the moments that takes; the source may then ask for trust_ratio(i).
   */
  readonly direction?: Pick<Formula, 'source' | 'moments'>;
}

/** The scalars of a formula: the fields of its `Params` but those that the frame itself is given. */
export function scalarNames({ kind, source }: Formula): string[] {
  const fields = fieldsOf(kind, source).map(({ name }) => name);
  return fields.filter((name) => name !== 'vectors' && name !== 'clipValue');
}

/**
 * What is done to gradients before anything else is made of them: they are scaled, then clipped by value.
 * `scales` adds an input behind all others, the factor they are multiplied by ([1], of the
 * kernel in clip-norm.ts), and `skips` leaves everything as it is where that is 0; `clipValue` makes the
 * kernel look at the scalar of that name.
 */
export type Clipping = {
  readonly scales?: boolean;
  readonly skips?: boolean;
  readonly clipValue?: boolean;
};

export interface UpdateContext extends LaunchContext {
  readonly attributes: Clipping;
}
