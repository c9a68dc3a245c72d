import { DataError } from '../../errors.ts';
import { type OneVersusRest, oneVersusRest } from './one-versus-rest.ts';
import { type Positives, type Ranking, rank } from './ranking.ts';

/** Precision and recall of taking for positive what scores at least as high as each threshold. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  /** From 0, at threshold ∞, up to 1. */
  readonly recall: Float64Array;
  /** Descending. */
  readonly thresholds: Float64Array;
}

/**
 * One point for each distinct score, and in front of them recall 0, where nothing is taken for
 * positive and precision is 1 by convention. The points of scikit-learn's
 * `precision_recall_curve`, in the opposite order.
 *
 * @param isPositive true or 1 for positives, shape [count]
 * @param scores higher for what is more likely positive, finite, shape [count]
 *
 * @throws ShapeError where the lengths differ, and DataError for other values and without
 * positives.
 */
export function precisionRecallCurve(
  isPositive: Positives,
  scores: ArrayLike<number>,
): PrecisionRecallCurve {
  const curve = shares(rank('precisionRecallCurve', isPositive, scores));
  if (curve) return curve;
  throw new DataError(
    'precisionRecallCurve: recall is a share of the positives; give at least one.',
  );
}

/**
 * Σ (Rₙ − Rₙ₋₁) Pₙ over the points of the curve: the area under its steps, in [0, 1]. Not
 * interpolated, since that would flatter; as scikit-learn's `average_precision_score`.
 */
export function averagePrecision({
  precision,
  recall,
}: Pick<PrecisionRecallCurve, 'precision' | 'recall'>): number {
  let area = 0;
  let before = recall[0] ?? 0;
  for (const [i, share] of recall.entries()) {
    area += (share - before) * (precision[i] ?? Number.NaN);
    before = share;
  }
  return area;
}

/**
 * The average precision of each class against all others; `macro` is the mean average precision
 * (mAP). `undefined` for a class that no label has.
 *
 * @param labels true classes, integers in [0, classes), shape [count]
 * @param scores shape [count, classes], row-major, finite; probabilities, so that classes compare
 *   in the micro average
 *
 * @throws ArgumentError, ShapeError or DataError where they do not fit.
 */
export function meanAveragePrecision(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  classes: number,
): OneVersusRest {
  return oneVersusRest('meanAveragePrecision', labels, scores, classes, (isPositive, own) => {
    const curve = shares(rank('meanAveragePrecision', isPositive, own));
    return curve && averagePrecision(curve);
  });
}

function shares(ranking: Ranking): PrecisionRecallCurve | undefined {
  const { thresholds, truePositives, falsePositives, positives } = ranking;
  if (positives === 0) return undefined;
  return {
    precision: truePositives.map((count, i) =>
      i === 0 ? 1 : count / (count + (falsePositives[i] ?? Number.NaN)),
    ),
    recall: truePositives.map((count) => count / positives),
    thresholds,
  };
}
