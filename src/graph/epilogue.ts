import { type Activation, activations } from '../kernels/launch.ts';
import type { Node } from './node.ts';

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
  let at = result;
  let activation: Activation = 'none';
  if ((activations as readonly string[]).includes(at.op.name)) {
    activation = at.op.name as Activation;
    at = at.inputs[0] as Node;
    if (at.leaf || !isFree(at)) return undefined;
  }
  let bias: Node | undefined;
  if (at.op.name === 'add') {
    const [left, right] = at.inputs as [Node, Node];
    bias = rowVector(right);
    at = left;
    if (!bias || at.leaf || !isFree(at)) return undefined;
  }
  const { lowering } = at.op;
  if (at === result || lowering.kind !== 'kernel' || !lowering.takesEpilogue) return undefined;
  return { kernel: at, result, bias, activation };
}

/** The vector behind an expansion along all axes but the last. */
function rowVector(node: Node): Node | undefined {
  if (node.leaf || node.op.name !== 'expand') return undefined;
  let vector = node.inputs[0] as Node;
  const channels = node.shape[node.shape.length - 1];
  // Asked of what is expanded, not of what that was reshaped from: [C] may have become [C, 1].
  if (vector.size !== channels || vector.shape[vector.shape.length - 1] !== channels) {
    return undefined;
  }
  while (!vector.leaf && vector.op.name === 'reshape') vector = vector.inputs[0] as Node;
  return vector;
}
