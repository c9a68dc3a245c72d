import { frontAxis, NdArray } from './array.ts';

/** Applies `value` to each line along an axis; what it gives takes the line's place. */
export function mapLines(
  array: NdArray,
  axis: number,
  value: (line: readonly number[]) => readonly number[],
): NdArray {
  const along = frontAxis(axis, array.rank);
  const others = array.shape.toSpliced(along, 1);
  const lines = new Map<string, readonly number[]>();
  const lineAt = (rest: readonly number[]) => {
    const key = rest.join();
    const known = lines.get(key);
    if (known) return known;
    const line = Array.from({ length: array.shape[along]! }, (_, at) =>
      array.at(...rest.toSpliced(along, 0, at)),
    );
    const found = value(line);
    lines.set(key, found);
    return found;
  };
  const length = lineAt(others.map(() => 0)).length;
  return NdArray.build(
    array.shape.with(along, length),
    (index) => lineAt(index.toSpliced(along, 1))[index[along]!]!,
  );
}

/** Numbers by size, NaN above all of them; 0 where neither goes before the other. */
export function compared(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

/** The places of a line's elements in order, equal ones as they are. */
export function placesInOrder(line: readonly number[], descending = false): number[] {
  const sign = descending ? -1 : 1;
  return line.map((_, place) => place).sort((a, b) => sign * compared(line[a]!, line[b]!) || a - b);
}

export const argSort = (array: NdArray, axis = -1, descending = false): NdArray =>
  mapLines(array, axis, (line) => placesInOrder(line, descending));

export const sort = (array: NdArray, axis = -1, descending = false): NdArray =>
  mapLines(array, axis, (line) => placesInOrder(line, descending).map((place) => line[place]!));

/** What `join` makes of the elements up to each, or from each on, with or without itself. */
export function cumulative(
  array: NdArray,
  axis: number,
  { exclusive = false, reverse = false },
  first: number,
  join: (sum: number, x: number) => number,
): NdArray {
  const turned = (line: readonly number[]) => (reverse ? line.toReversed() : line);
  return mapLines(array, axis, (line) => {
    let sum = first;
    const sums = turned(line).map((x) => {
      const before = sum;
      sum = join(sum, x);
      return exclusive ? before : sum;
    });
    return turned(sums);
  });
}

export const cumSum = (array: NdArray, axis = 0, options = {}): NdArray =>
  cumulative(array, axis, options, 0, (sum, x) => sum + x);

export const cumProd = (array: NdArray, axis = 0, options = {}): NdArray =>
  cumulative(array, axis, options, 1, (product, x) => product * x);

export const cumMax = (array: NdArray, axis = 0, options = {}): NdArray =>
  cumulative(array, axis, options, Number.NEGATIVE_INFINITY, Math.max);

export const cumMin = (array: NdArray, axis = 0, options = {}): NdArray =>
  cumulative(array, axis, options, Number.POSITIVE_INFINITY, Math.min);

export const logCumSumExp = (array: NdArray, axis = 0, options = {}): NdArray =>
  cumulative(array, axis, options, Number.NEGATIVE_INFINITY, (sum, x) =>
    sum === x ? x + Math.LN2 : Math.max(sum, x) + Math.log1p(Math.exp(-Math.abs(sum - x))),
  );

/** What a part of a line is below, between two elements by linear interpolation; NaN where one is. */
export function quantileOf(line: readonly number[], part: number): number {
  if (line.some(Number.isNaN)) return Number.NaN;
  const order = line.toSorted((a, b) => a - b);
  const rank = part * (line.length - 1);
  const [low, high] = [order[Math.floor(rank)]!, order[Math.ceil(rank)]!];
  const share = rank - Math.floor(rank);
  return low === high ? low : (1 - share) * low + share * high;
}
