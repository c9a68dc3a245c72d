import { requireWhole } from '../../arguments.ts';
import { DataError, ShapeError } from '../../errors.ts';

/** @throws ShapeError unless there is one prediction for each label. */
export function requireSameLength(
  caller: string,
  labels: ArrayLike<unknown>,
  others: ArrayLike<unknown>,
  what = 'prediction',
): void {
  if (labels.length === others.length) return;
  throw new ShapeError(
    `${caller}: ${labels.length} labels but ${others.length} ${what}s; give one ${what} for each label.`,
  );
}

/** The value, if it is a class. @throws DataError naming the value and its position. */
export function requireClass(
  caller: string,
  what: string,
  value: number,
  item: number,
  classes: number,
): number {
  if (Number.isInteger(value) && value >= 0 && value < classes) return value;
  throw new DataError(
    `${caller}: ${what} ${value} at position ${item} is no class; classes go from 0 to ${classes - 1}.`,
  );
}

/**
 * Checks labels [count] and scores [count, classes], row-major.
 * @throws ArgumentError, ShapeError, DataError
 */
export function requireClassScores(
  caller: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  classes: number,
): void {
  requireWhole(caller, { classes }, { from: 1 });
  if (scores.length !== labels.length * classes) {
    throw new ShapeError(
      `${caller}: ${scores.length} scores for ${labels.length} labels and ${classes} classes; ` +
        `give one for each class of each label, ${labels.length * classes}, row-major.`,
    );
  }
  for (let item = 0; item < labels.length; item++) {
    requireClass(caller, 'label', labels[item]!, item, classes);
  }
  requireFinite(caller, scores);
}

/** @throws DataError for the first score that is NaN or infinite: it has no place in a ranking. */
export function requireFinite(caller: string, scores: ArrayLike<number>): void {
  for (let item = 0; item < scores.length; item++) {
    if (Number.isFinite(scores[item])) continue;
    throw new DataError(
      `${caller}: score ${scores[item]} at position ${item} cannot be ranked; scores must be finite.`,
    );
  }
}
