import { DataError } from '../../errors.ts';
import { requireClassScores } from './checks.ts';
import { ratio } from './ratio.ts';

/** The distance from 1 to the next number. */
const EPSILON_F32 = 2 ** -23;
/** How far the probabilities of an example may add up to something else than 1. */
const TOLERANCE = Math.sqrt(EPSILON_F32);

/**
 * The mean of −ln p over the examples, p the probability given to the true class; 0 where there
 * are none. As scikit-learn's `log_loss`, p is clipped to [ε, 1 − ε] with ε the machine epsilon of
 * the array: 2⁻²³ for a Float32Array, else 2⁻⁵². Probabilities are not rescaled.
 *
 * @param labels true classes, integers in [0, classes), shape [count]
 * @param probabilities shape [count, classes], row-major, each row adding up to 1
 *
 * @throws ArgumentError or ShapeError where they do not fit, and DataError where a label is
 * no class, a value is outside [0, 1] or a row does not add up to 1.
 */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): number {
  const checked = requireClassScores('logLoss', labels, probabilities, classes);
  const epsilon = probabilities instanceof Float32Array ? EPSILON_F32 : Number.EPSILON;
  let sum = 0;
  for (const [item, label] of checked.entries()) {
    requireProbabilities(probabilities, item, classes);
    const own = probabilities[item * classes + label]!;
    sum -= Math.log(Math.min(Math.max(own, epsilon), 1 - epsilon));
  }
  return ratio(sum, labels.length);
}

function requireProbabilities(values: ArrayLike<number>, item: number, classes: number): void {
  let total = 0;
  for (let at = item * classes; at < (item + 1) * classes; at++) {
    const value = values[at]!;
    if (value < 0 || value > 1) {
      throw new DataError(
        `logLoss: ${value} at position ${at} is no probability; apply softmax to logits first.`,
      );
    }
    total += value;
  }
  if (Math.abs(total - 1) <= TOLERANCE) return;
  throw new DataError(
    `logLoss: the probabilities of example ${item} add up to ${total}, not 1; apply softmax to logits first.`,
  );
}
