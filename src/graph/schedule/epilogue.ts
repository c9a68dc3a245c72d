import type { Activation } from '../../kernels/launch.ts';
import type { Node } from '../node.ts';
import { expandedVector } from '../view.ts';

/** A kernel together with the bias and activation that its last lines apply. */
export interface FoldedKernel {
  readonly kernel: Node;
  readonly result: Node;
  readonly bias: Node | undefined;
  readonly activation: Activation;
}

/**
 * Recognises `activation(kernel(…) + bias)` with a bias along the last axis, in any part: bias
 * alone, activation alone. `isFree(node)` says that nobody else wants an inner value.
 */
export function matchEpilogue(
  result: Node,
  isFree: (inner: Node) => boolean,
): FoldedKernel | undefined {
  const free = (inner: Node | undefined) =>
    inner && !inner.leaf && isFree(inner) ? inner : undefined;
  let at: Node | undefined = result;
  let activation: Activation = 'none';
  let bias: Node | undefined;
  if (at.op.folds && at.op.folds !== 'bias') {
    activation = at.op.folds;
    at = free(at.inputs[0]);
  }
  if (at?.op.folds === 'bias') {
    const [sum, row]: readonly (Node | undefined)[] = at.inputs;
    bias = row && expandedVector(row);
    at = bias && free(sum);
  }
  if (!at || at === result || at.op.lowering.kind !== 'kernel') return undefined;
  return at.op.lowering.takesEpilogue ? { kernel: at, result, bias, activation } : undefined;
}
