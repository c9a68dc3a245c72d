import { ArgumentError } from '../../errors.ts';
import { RandomStream } from '../../tensor/random/stream.ts';

/** Tells the streams that folds are drawn from from the other uses of the same seed. */
const FOLD_STREAM = 5;

/** The numbers of the examples of one fold, and of all others, both ascending. */
export interface FoldNumbers {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * `k` folds of `count` examples. They are dealt out in turn, with a seed in a random order, and class
 * after class where labels are given: so each class, and each fold as a whole, is spread to within one.
 */
export function foldNumbers(
  count: number,
  k: number,
  seed: number | undefined,
  labels: ArrayLike<number> | undefined,
): FoldNumbers[] {
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  const order =
    seed === undefined ? numbers : new RandomStream(seed, FOLD_STREAM).permutation(count);
  const foldOf = new Int32Array(count);
  const dealt = labels === undefined ? order : byClass('kFold', order, labels);
  dealt.forEach((number, turn) => {
    foldOf[number] = turn % k;
  });
  return Array.from({ length: k }, (_, fold) => ({
    train: numbers.filter((number) => foldOf[number] !== fold),
    validation: numbers.filter((number) => foldOf[number] === fold),
  }));
}

/**
 * `held` of the examples of `order` to validate with, of each class as many as is its share, to within
 * one: every so many of them in turn, class after class.
 */
export function stratifiedNumbers(
  order: Int32Array,
  held: number,
  labels: ArrayLike<number>,
): FoldNumbers {
  const share = (turn: number) => Math.floor((turn * held) / order.length);
  const dealt = byClass('split', order, labels);
  const validation = dealt.filter((_, turn) => share(turn + 1) > share(turn)).sort();
  const train = dealt.filter((_, turn) => share(turn + 1) === share(turn)).sort();
  return { train, validation };
}

/** The same numbers, class after class. */
function byClass(caller: string, order: Int32Array, labels: ArrayLike<number>): Int32Array {
  if (labels.length !== order.length) {
    throw new ArgumentError(
      `${caller}: stratify takes one label for each of the ${order.length} examples, got ${labels.length}.`,
    );
  }
  const classOf = (number: number) => labels[number] ?? 0;
  return order.slice().sort((a, b) => classOf(a) - classOf(b));
}
