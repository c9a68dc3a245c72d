import { requireChoice } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { squashedBy } from '../../tensor/made-by.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';

/** What a loss is given: 'logits', of which it takes the softmax or sigmoid, or 'probabilities'. */
export type OutputScale = 'logits' | 'probabilities';

/** Probabilities are kept so far from 0 (and from 1), as in Keras, that their logarithm is finite. */
export const EPSILON = 1e-7;

/**
 * What outputs are: as they are said to be, else logits. Those that a softmax or sigmoid has just made
 * are none: to take theirs of them once more would train slowly, to poor results, without a word.
 * @throws ArgumentError where there is no such scale, or outputs are probabilities and nothing is said.
 */
export function scaleOf(
  op: string,
  outputs: AnyTensor,
  from: OutputScale | undefined,
  own: 'sigmoid' | 'softmax',
): OutputScale {
  if (from !== undefined) requireChoice(op, { from }, ['logits', 'probabilities']);
  else if (squashedBy(outputs) === own) {
    throw new ArgumentError(
      `${op}: takes logits and applies the ${own} itself, but these outputs come from a ${own}. Leave the ` +
        `${own} out of the model, or say from: 'probabilities'.`,
    );
  }
  return from ?? 'logits';
}

/**
 * Logits whose softmax the given probabilities are, once divided by their sum.
 * @throws ArgumentError as {@link scaleOf}.
 */
export function asLogits(op: string, outputs: Tensor, from: OutputScale | undefined): Tensor {
  return scaleOf(op, outputs, from, 'softmax') === 'logits'
    ? outputs
    : outputs.maximum(EPSILON).log();
}
