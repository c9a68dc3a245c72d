import { requireWhole, shown } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import { requireClassScores, requireSameLength } from './checks.ts';
import { ratio } from './ratio.ts';

/**
 * The share of predictions that equal their label, in [0, 1]; 0 where there are none.
 *
 * @throws ShapeError where the lengths differ, DataError where one is no class.
 */
export function accuracy(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  requireSameLength('accuracy', labels, predictions);
  let right = 0;
  for (let item = 0; item < labels.length; item++) {
    const wrong = [labels[item], predictions[item]].find((one) => !Number.isInteger(one));
    if (wrong !== undefined) {
      throw new DataError(
        `accuracy: ${shown(wrong)} at position ${item} is no class. Of scores use topKAccuracy with k = 1.`,
      );
    }
    if (labels[item] === predictions[item]) right++;
  }
  return ratio(right, labels.length);
}

/**
 * The share of examples whose class is among the `k` with the highest scores, in [0, 1]; 0 where
 * there are no examples. Of equal scores the lower class counts as the higher one, so that a model
 * which scores all classes alike gains nothing and `k = 1` is the accuracy of the arg max.
 *
 * @param labels true classes, integers in [0, classes), shape [count]
 * @param scores shape [count, classes], row-major: logits or probabilities
 *
 * @throws ArgumentError where `k` is not from 1 to `classes`, ShapeError where lengths do not fit and
 * DataError where a label is no class or a score not finite.
 */
export function topKAccuracy(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  k: number,
  classes: number,
): number {
  const checked = requireClassScores('topKAccuracy', labels, scores, classes);
  requireWhole('topKAccuracy', { k }, { from: 1, to: classes });
  let right = 0;
  for (const [item, label] of checked.entries()) {
    const own = scores[item * classes + label]!;
    let ahead = 0;
    for (let other = 0; other < classes; other++) {
      const score = scores[item * classes + other]!;
      if (score > own || (score === own && other < label)) ahead++;
    }
    if (ahead < k) right++;
  }
  return ratio(right, labels.length);
}
