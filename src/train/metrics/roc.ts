import { DataError } from '../../errors.ts';
import { type OneVersusRest, oneVersusRest } from './one-versus-rest.ts';
import { type Positives, type Ranking, rank } from './ranking.ts';

/**
 * The receiver operating characteristic: what share of negatives and of positives scores at least
 * as high as each threshold. From (0, 0), at threshold ∞, to (1, 1).
 */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  /** Descending. */
  readonly thresholds: Float64Array;
}

/**
 * One point for each distinct score, and (0, 0) in front. Points that lie on the line between
 * their neighbours are kept: scikit-learn's `roc_curve` with `drop_intermediate=False`.
 *
 * @param isPositive true or 1 for positives, shape [count]
 * @param scores higher for what is more likely positive, finite, shape [count]
 *
 * @throws ShapeError where the lengths differ, and DataError for other values and without at
 * least one positive and one negative.
 */
export function rocCurve(isPositive: Positives, scores: ArrayLike<number>): RocCurve {
  const curve = rates(rank('rocCurve', isPositive, scores));
  if (curve) return curve;
  throw new DataError(
    'rocCurve: the rates are shares of the positives and of the negatives; give at least one of each.',
  );
}

/** The area under a ROC curve by the trapezoidal rule, in [0, 1]. */
export function auc({
  falsePositiveRate: x,
  truePositiveRate: y,
}: Pick<RocCurve, 'falsePositiveRate' | 'truePositiveRate'>): number {
  let area = 0;
  let [left, leftHeight] = [x[0] ?? 0, y[0] ?? 0];
  for (const [i, right] of x.entries()) {
    const height = y[i] ?? Number.NaN;
    area += ((right - left) * (height + leftHeight)) / 2;
    left = right;
    leftHeight = height;
  }
  return area;
}

/**
 * The area under the ROC curve of each class against all others, macro- and micro-averaged. It is
 * the probability that an example of the class scores higher than one of another class, equal
 * scores counting half. `undefined` for a class that no label has, or every label.
 *
 * @param labels true classes, integers in [0, classes), shape [count]
 * @param scores shape [count, classes], row-major, finite; probabilities, so that classes compare
 *   in the micro average
 *
 * @throws ArgumentError, ShapeError or DataError where they do not fit.
 */
export function rocAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  classes: number,
): OneVersusRest {
  return oneVersusRest('rocAuc', labels, scores, classes, (isPositive, own) => {
    const curve = rates(rank('rocAuc', isPositive, own));
    return curve && auc(curve);
  });
}

function rates(ranking: Ranking): RocCurve | undefined {
  const { thresholds, truePositives, falsePositives, positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return undefined;
  return {
    falsePositiveRate: falsePositives.map((count) => count / negatives),
    truePositiveRate: truePositives.map((count) => count / positives),
    thresholds,
  };
}
