import { requireClassScores } from './checks.ts';

/** One number for each class, told from all the others, and its means. */
export interface OneVersusRest {
  /** `undefined` for a class whose number is not defined, such as one that no label has. */
  readonly perClass: (number | undefined)[];
  /** The plain mean over the classes where it is defined; `undefined` where it nowhere is. */
  readonly macro: number | undefined;
  /** Of all pairs of an example and a class, ranked as one list of count · classes scores. */
  readonly micro: number | undefined;
}

/** @throws ArgumentError, ShapeError, DataError where labels, scores and classes do not fit. */
export function oneVersusRest(
  caller: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  classes: number,
  score: (isPositive: Uint8Array, scores: ArrayLike<number>) => number | undefined,
): OneVersusRest {
  const checked = requireClassScores(caller, labels, scores, classes);
  const count = labels.length;
  const perClass = Array.from({ length: classes }, (_, own) =>
    score(
      Uint8Array.from({ length: count }, (_, item) => Number(checked[item] === own)),
      Float64Array.from({ length: count }, (_, item) => scores[item * classes + own]!),
    ),
  );
  const defined = perClass.filter((value) => value !== undefined);
  const oneHot = new Uint8Array(count * classes);
  for (const [item, label] of checked.entries()) oneHot[item * classes + label] = 1;
  return {
    perClass,
    macro: defined.length
      ? defined.reduce((sum, value) => sum + value, 0) / defined.length
      : undefined,
    micro: score(oneHot, scores),
  };
}
