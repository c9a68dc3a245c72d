import { type ConfusionMatrix, countsByClass } from './confusion-matrix.ts';
import { ratio } from './ratio.ts';

/** How well one class is recognised, each score in [0, 1] and 0 where it is undefined. */
export interface ClassScores {
  /** Of those predicted to be this class, the share that are. */
  readonly precision: number;
  /** Of those that are this class, the share predicted so. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** How many are this class; in an average, how many there are. */
  readonly support: number;
}

/** The scores of every class, and their averages. */
export interface AveragedScores {
  readonly perClass: ClassScores[];
  /** Of all examples taken together: with one class for each, all three equal the accuracy. */
  readonly micro: ClassScores;
  /** The plain means over all classes. */
  readonly macro: ClassScores;
  /** The means over all classes, each weighted by its support. */
  readonly weighted: ClassScores;
}

/**
 * Precision, recall and F1 of every class and their micro, macro and weighted averages. As
 * scikit-learn with `zero_division=0` and `labels=range(classes)`: a class that never occurs and
 * is never predicted counts with 0.
 */
export function precisionRecallF1(confusion: ConfusionMatrix): AveragedScores {
  const rows = countsByClass(confusion);
  let allRight = 0;
  const perClass = rows.map((row, own) => {
    const right = row[own] ?? 0;
    allRight += right;
    return scores(right, sum(rows.map((other) => other[own] ?? 0)), sum(row));
  });
  const count = perClass.reduce((sum, { support }) => sum + support, 0);
  return {
    perClass,
    micro: scores(allRight, count, count),
    macro: weightedMean(perClass, count, () => 1),
    weighted: weightedMean(perClass, count, ({ support }) => support),
  };
}

/** Precision, recall and F1 of every class, and `macro`, the plain mean of all classes' F1. */
export function f1Scores(confusion: ConfusionMatrix): { perClass: ClassScores[]; macro: number } {
  const { perClass, macro } = precisionRecallF1(confusion);
  return { perClass, macro: macro.f1 };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function scores(right: number, predicted: number, support: number): ClassScores {
  return {
    precision: ratio(right, predicted),
    recall: ratio(right, support),
    f1: ratio(2 * right, predicted + support),
    support,
  };
}

function weightedMean(
  perClass: readonly ClassScores[],
  support: number,
  weight: (own: ClassScores) => number,
): ClassScores {
  const total = perClass.reduce((sum, own) => sum + weight(own), 0);
  const mean = (key: 'precision' | 'recall' | 'f1') =>
    ratio(
      perClass.reduce((sum, own) => sum + weight(own) * own[key], 0),
      total,
    );
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support };
}
