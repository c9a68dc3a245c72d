import { requireChoice } from '../../arguments.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** What a loss is given: 'logits', of which it takes the softmax or sigmoid, or 'probabilities'. */
export type OutputScale = 'logits' | 'probabilities';

/** Probabilities are kept so far from 0 (and from 1), as in Keras, that their logarithm is finite. */
export const EPSILON = 1e-7;

/** @throws ArgumentError where there is no such scale. */
export function checkScale(op: string, from: OutputScale): void {
  requireChoice(op, { from }, ['logits', 'probabilities']);
}

/**
 * Logits whose softmax the given probabilities are, once divided by their sum.
 * @throws ArgumentError where there is no such scale.
 */
export function asLogits(op: string, outputs: Tensor, from: OutputScale): Tensor {
  checkScale(op, from);
  return from === 'logits' ? outputs : outputs.maximum(EPSILON).log();
}
