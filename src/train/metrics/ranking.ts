import { DataError } from '../../errors.ts';
import { requireFinite, requireSameLength } from './checks.ts';

/** Which examples are positive: true or 1, the others false or 0. */
export type Positives = ArrayLike<boolean> | ArrayLike<number>;

/** How many positives and negatives score at least as high as each threshold. */
export interface Ranking {
  /** ∞, which nobody reaches, then every distinct score from high to low. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  /** How many there are in all: the last counts. */
  readonly positives: number;
  readonly negatives: number;
}

/** @throws ShapeError, DataError where scores cannot be ranked or a flag is none. */
export function rank(caller: string, isPositive: Positives, scores: ArrayLike<number>): Ranking {
  requireSameLength(caller, isPositive, scores, 'score');
  requireFinite(caller, scores);
  requireFlags(caller, isPositive);
  const order = Uint32Array.from({ length: scores.length }, (_, item) => item);
  order.sort((a, b) => scores[b]! - scores[a]!);
  const thresholds = [Number.POSITIVE_INFINITY];
  const truePositives = [0];
  const falsePositives = [0];
  let positives = 0;
  order.forEach((item, place) => {
    if (isPositive[item]) positives++;
    const next = order[place + 1];
    // Equal scores pass a threshold together.
    if (next !== undefined && scores[next] === scores[item]) return;
    thresholds.push(scores[item]!);
    truePositives.push(positives);
    falsePositives.push(place + 1 - positives);
  });
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    positives,
    negatives: scores.length - positives,
  };
}

function requireFlags(caller: string, isPositive: Positives): void {
  for (let item = 0; item < isPositive.length; item++) {
    const flag = Number(isPositive[item]);
    if (flag === 0 || flag === 1) continue;
    throw new DataError(
      `${caller}: ${isPositive[item]} at position ${item} does not say whether the example is positive; use true or 1, false or 0.`,
    );
  }
}
