import { DataError, ShapeError } from '../errors.ts';

/** How often each true class was predicted as each class. */
export interface ConfusionMatrix {
  readonly classes: number;
  /** Shape [classes, classes], row-major: row = true class, column = predicted class. */
  readonly counts: Uint32Array;
}

/** How well one class is recognised, each score in [0, 1] and 0 where it is undefined. */
export interface ClassScores {
  /** Of those predicted to be this class, the share that are. */
  readonly precision: number;
  /** Of those that are this class, the share predicted so. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** How many are this class. */
  readonly support: number;
}

/**
 * Counts pairs of true and predicted class.
 *
 * @param labels true classes, integers in [0, classes), shape [count]
 * @param predictions predicted classes, likewise
 *
 * Throws `ShapeError` where the lengths differ and `DataError` where a value is no class.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  requireSameLength('confusionMatrix', labels, predictions);
  const counts = new Uint32Array(classes * classes);
  for (let item = 0; item < labels.length; item++) {
    const row = requireClass('label', labels[item]!, item, classes);
    const column = requireClass('prediction', predictions[item]!, item, classes);
    counts[row * classes + column]! += 1;
  }
  return { classes, counts };
}

/**
 * The share of predictions that equal their label, in [0, 1]; 0 where there are none.
 *
 * Throws `ShapeError` where the lengths differ.
 */
export function accuracy(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  requireSameLength('accuracy', labels, predictions);
  let right = 0;
  for (let item = 0; item < labels.length; item++) {
    if (labels[item] === predictions[item]) right++;
  }
  return ratio(right, labels.length);
}

/**
 * Precision, recall and F1 of every class, and `macro`, the plain mean of all classes' F1. As
 * scikit-learn with `zero_division=0` and `labels=range(classes)`: a class that never occurs and
 * is never predicted counts with 0.
 */
export function f1Scores(confusion: ConfusionMatrix): { perClass: ClassScores[]; macro: number } {
  const { classes, counts } = confusion;
  const perClass = Array.from({ length: classes }, (_, own): ClassScores => {
    let support = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      support += counts[own * classes + other]!;
      predicted += counts[other * classes + own]!;
    }
    const right = counts[own * classes + own]!;
    return {
      precision: ratio(right, predicted),
      recall: ratio(right, support),
      f1: ratio(2 * right, predicted + support),
      support,
    };
  });
  const sum = perClass.reduce((total, { f1 }) => total + f1, 0);
  return { perClass, macro: ratio(sum, classes) };
}

/**
 * The counts as a text table, rows the true classes and columns the predicted ones.
 *
 * @param names one for each class; default their numbers. Throws `ShapeError` for another count.
 */
export function formatConfusionMatrix(
  confusion: ConfusionMatrix,
  names: readonly string[] = Array.from({ length: confusion.classes }, (_, own) => String(own)),
): string {
  const { classes, counts } = confusion;
  if (names.length !== classes) {
    throw new ShapeError(
      `formatConfusionMatrix: ${names.length} names for ${classes} classes; give one for each.`,
    );
  }
  const corner = 'true \\ predicted';
  const first = Math.max(corner.length, ...names.map((name) => name.length));
  const cells = names.map((_, row) =>
    Array.from(counts.subarray(row * classes, (row + 1) * classes), String),
  );
  const widths = names.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (head: string, row: readonly string[]) =>
    [head.padStart(first), ...row.map((cell, column) => cell.padStart(widths[column]!))].join('  ');
  return [line(corner, names), ...names.map((name, row) => line(name, cells[row]!))].join('\n');
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function requireSameLength(
  caller: string,
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
): void {
  if (labels.length === predictions.length) return;
  throw new ShapeError(
    `${caller}: ${labels.length} labels but ${predictions.length} predictions; give one prediction for each label.`,
  );
}

function requireClass(what: string, value: number, item: number, classes: number): number {
  if (Number.isInteger(value) && value >= 0 && value < classes) return value;
  throw new DataError(
    `confusionMatrix: ${what} ${value} at position ${item} is no class; classes go from 0 to ${classes - 1}.`,
  );
}
