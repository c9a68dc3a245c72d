import { ShapeError } from '../../errors.ts';
import { requireClass, requireSameLength } from './checks.ts';

/** How often each true class was predicted as each class. */
export interface ConfusionMatrix {
  readonly classes: number;
  /** Shape [classes, classes], row-major: row = true class, column = predicted class. */
  readonly counts: Uint32Array;
}

/**
 * Counts pairs of true and predicted class.
 *
 * @param labels true classes, integers in [0, classes), shape [count]
 * @param predictions predicted classes, likewise
 *
 * @throws ShapeError where the lengths differ and DataError where a value is no class.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  requireSameLength('confusionMatrix', labels, predictions);
  const counts = new Uint32Array(classes * classes);
  for (let item = 0; item < labels.length; item++) {
    const row = requireClass('confusionMatrix', 'label', labels[item]!, item, classes);
    const column = requireClass('confusionMatrix', 'prediction', predictions[item]!, item, classes);
    counts[row * classes + column]! += 1;
  }
  return { classes, counts };
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
