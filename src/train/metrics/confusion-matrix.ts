import { requireWhole } from '../../arguments.ts';
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
  requireWhole('confusionMatrix', { classes }, { from: 0 });
  const counts = new Uint32Array(classes * classes);
  for (let item = 0; item < labels.length; item++) {
    const row = requireClass('confusionMatrix', 'label', labels, item, classes);
    const column = requireClass('confusionMatrix', 'prediction', predictions, item, classes);
    counts[row * classes + column]! += 1;
  }
  return { classes, counts };
}

/**
 * The counts as a text table, rows the true classes and columns the predicted ones.
 *
 * @param names one for each class; default their numbers
 *
 * @throws ShapeError where there are more or fewer names than classes.
 */
export function formatConfusionMatrix(
  confusion: ConfusionMatrix,
  names: readonly string[] = Array.from({ length: confusion.classes }, (_, own) => String(own)),
): string {
  const { classes } = confusion;
  if (names.length !== classes) {
    throw new ShapeError(
      `formatConfusionMatrix: ${names.length} names for ${classes} classes; give one for each.`,
    );
  }
  const rows = countsByClass(confusion);
  const heads = rightAligned(['true \\ predicted', ...names]);
  const columns = names.map((name, column) =>
    rightAligned([name, ...rows.map((row) => String(row[column]))]),
  );
  return heads
    .map((head, line) => [head, ...columns.map((column) => column[line])].join('  '))
    .join('\n');
}

/** How often each class was predicted, for each true class. */
export function countsByClass({ classes, counts }: ConfusionMatrix): number[][] {
  return Array.from({ length: classes }, (_, own) => [
    ...counts.subarray(own * classes, (own + 1) * classes),
  ]);
}

function rightAligned(cells: readonly string[]): string[] {
  const width = Math.max(...cells.map(({ length }) => length));
  return cells.map((cell) => cell.padStart(width));
}
