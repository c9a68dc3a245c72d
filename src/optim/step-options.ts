import { requireList, requireOptions } from '../arguments.ts';
import type { World } from '../distributed/world.ts';
import { requireTensor } from '../tensor/require-dtype.ts';
import type { AnyTensor } from '../tensor/tensor.ts';

interface Computed {
  /** Computed of the same pass, in the same submission, to be read afterwards: metrics, parts of the loss. */
  readonly alongside?: readonly AnyTensor[];
}

export interface AccumulateOptions extends Computed {
  /**
   * The ranks over which the gradients are averaged with this loss, the last before a step: on the CPU device those of
   * the last layers are summed up while those of the first are still to be computed. `average(world)` comes next.
   */
  readonly world?: World | undefined;
}

export interface StepOptions extends Computed {
  /**
   * The ranks that take the step together, against the mean of their gradients: each gives the loss of its
   * part of the batch, and all have the same weights before and after. A step that fails once gradients have
   * been summed up for it has dropped them, and what was accumulated before: its losses can be given again.
   */
  readonly world?: World | undefined;
}

/** @throws ArgumentError where there is something else among them than tensors */
export function alongsideIn(method: string, options: StepOptions): readonly AnyTensor[] {
  requireOptions(method, options, ['alongside', 'world']);
  const { alongside = [] } = options;
  requireList(method, alongside, 'tensors to compute alongside, such as [accuracy]');
  for (const one of alongside) requireTensor(method, one);
  return alongside;
}

/** The ranks that work together, where there are several. */
export function ranksIn({ world }: StepOptions): World | undefined {
  return world && world.size > 1 ? world : undefined;
}
