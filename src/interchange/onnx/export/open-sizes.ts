/**
 * A size in the graph that is written. The model is traced twice, with two values of every size that
 * is left open: `at` is what came of it the first time, `and` the second.
 */
export interface Size {
  readonly at: number;
  readonly and: number;
}

/** A size of an input that each run of the model chooses, such as the batch. */
export interface OpenSize extends Size {
  readonly name: string;
  /** The input and its axis, where it is found when the model runs. */
  readonly input: string;
  readonly axis: number;
}

// A prime, and a number that most strides divide: what depends on what is left over differs between the
// two, such as the padding of strided windows. No two pairs, or products of some, have the same ratio.
const TRIALS = [
  [11, 24],
  [13, 36],
  [17, 48],
  [19, 60],
  [23, 120],
  [29, 90],
] as const;

/** The most sizes that can be left open. */
export const MOST_OPEN = TRIALS.length;

/** The two values of an open size. */
export function trial(index: number): Size {
  const [at, and] = TRIALS[index] ?? TRIALS[0];
  return { at, and };
}

export function isFixed({ at, and }: Size): boolean {
  return at === and;
}

export function isEqual(a: Size | undefined, b: Size | undefined): boolean {
  return a?.at === b?.at && a?.and === b?.and;
}

/** The shapes of both traces as one. */
export function sizesOf(first: readonly number[], second: readonly number[]): Size[] {
  return first.map((at, i) => ({ at, and: second[i] ?? at }));
}

/** What it is broadcast to with others, aligned at the end. */
export function broadcast(shapes: readonly (readonly Size[])[]): Size[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.flatMap((shape) => shape[i - rank + shape.length] ?? []);
    return sizes.find(({ at }) => at !== 1) ?? { at: 1, and: 1 };
  });
}

export function productOf(sizes: readonly Size[]): Size {
  return sizes.reduce((a, b) => ({ at: a.at * b.at, and: a.and * b.and }), { at: 1, and: 1 });
}

/** One of them, or several, those of fewer first. */
export function subsets<T>(all: readonly T[]): T[][] {
  const [first, ...others] = all;
  if (first === undefined) return [];
  const rest = subsets(others);
  return [[first], ...rest, ...rest.map((some) => [first, ...some])].sort(
    (a, b) => a.length - b.length,
  );
}
