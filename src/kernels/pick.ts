import type { DType } from './dtype.ts';

/** The ways to compute a problem, by name, the best guess first. */
export type Ways<V> = ReadonlyMap<string, V>;

/** Picks one of the ways to compute a problem. */
export type Pick = <V>(problem: string, ways: Ways<V>) => V;

/** What is known of a launch that picks. */
interface Picking {
  readonly inputs: readonly { readonly dtype: DType }[];
  readonly pick?: Pick | undefined;
}

/** So many are worth measuring. */
const SHORT = 8;

/** What has been measured to be the fastest, where something measures; else the best guess. */
export function picked<V>({ pick, inputs }: Picking, problem: string, ways: Ways<V>): V {
  if (!pick) return guessOf(ways);
  const dtypes = inputs.map(({ dtype }) => dtype);
  return pick(dtypes.every((dtype) => dtype === 'f32') ? problem : `${problem} ${dtypes}`, ways);
}

/** What is taken where nothing has been measured. */
export function guessOf<V>(ways: Ways<V>): V {
  return ways.values().next().value as V;
}

/** The cheapest of all ways by a model of their time, the first of equals first. */
export function shortlist<V>(
  all: readonly V[],
  cost: (variant: V) => number,
  nameOf: (variant: V) => string,
): Ways<V> {
  const priced = all.map((variant) => ({ variant, cost: cost(variant) }));
  priced.sort((a, b) => a.cost - b.cost);
  return new Map(priced.slice(0, SHORT).map(({ variant }) => [nameOf(variant), variant]));
}

/**
 * Sizes as problems are told apart by: two bits of each count, so that 97 and 128 are one problem, and
 * whether they are whole vec4s.
 */
export function sizesOf(sizes: readonly number[]): string {
  const rounded = sizes.map((size) => {
    const unit = 2 ** Math.max(0, Math.floor(Math.log2(size)) - 1);
    return `${Math.ceil(size / unit) * unit}${size % 4 === 0 ? '' : '+'}`;
  });
  return rounded.join('x');
}
