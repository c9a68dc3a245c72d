import { inWords, requireWhole } from '../../arguments.ts';
import { ArgumentError, DataError, ShapeError } from '../../errors.ts';

/** @throws ShapeError where there is not one prediction for each label. */
export function requireSameLength(
  caller: string,
  labels: ArrayLike<unknown>,
  others: ArrayLike<unknown>,
  what = 'prediction',
): void {
  for (const list of [labels, others]) {
    if (Array.isArray(list) || ArrayBuffer.isView(list)) continue;
    throw new ArgumentError(
      `${caller}: takes arrays, got ${inWords(list)}. Of a tensor await its data().`,
    );
  }
  if (labels.length === others.length) return;
  throw new ShapeError(
    `${caller}: ${labels.length} labels but ${others.length} ${what}s; give one ${what} for each label.`,
  );
}

/** The class at a position. @throws DataError where it is none, naming the value and its position. */
export function requireClass(
  caller: string,
  what: string,
  values: ArrayLike<number>,
  item: number,
  classes: number,
): number {
  const value = values[item];
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value < classes) return value;
  throw new DataError(
    `${caller}: ${what} ${value} at position ${item} is no class; classes go from 0 to ${classes - 1}.`,
  );
}

/**
 * Checks labels [count] and scores [count, classes], row-major.
 * @returns the labels
 * @throws ArgumentError where `classes` is not a whole number, 1 or more, ShapeError where there are
 *   not `classes` scores for each label, and DataError where a label is no class or a score not finite
 */
export function requireClassScores(
  caller: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  classes: number,
): Uint32Array {
  requireWhole(caller, { classes }, { from: 1 });
  if (scores.length !== labels.length * classes) {
    throw new ShapeError(
      `${caller}: ${scores.length} scores for ${labels.length} labels and ${classes} classes; ` +
        `give one for each class of each label, ${labels.length * classes}, row-major.`,
    );
  }
  const checked = Uint32Array.from({ length: labels.length }, (_, item) =>
    requireClass(caller, 'label', labels, item, classes),
  );
  requireFinite(caller, scores);
  return checked;
}

/** @throws DataError where a score is NaN or infinite, the first: it has no place in a ranking. */
export function requireFinite(caller: string, scores: ArrayLike<number>): void {
  for (let item = 0; item < scores.length; item++) {
    if (Number.isFinite(scores[item])) continue;
    throw new DataError(
      `${caller}: score ${scores[item]} at position ${item} cannot be ranked; scores must be finite.`,
    );
  }
}
