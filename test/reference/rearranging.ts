import { NdArray } from './array.ts';

/** For each element of a shape, where in the array it is from; `undefined` gives 0. */
function pick(
  x: NdArray,
  shape: readonly number[],
  from: (index: readonly number[]) => readonly number[] | undefined,
): NdArray {
  return NdArray.build(shape, (index) => {
    const place = from(index);
    return place ? x.at(...place) : 0;
  });
}

const remainder = (a: number, b: number): number => ((a % b) + b) % b;

export const tile = (x: NdArray, repeats: readonly number[]): NdArray =>
  pick(
    x,
    x.shape.map((size, i) => size * repeats[i]!),
    (index) => index.map((at, i) => at % x.shape[i]!),
  );

export const repeat = (x: NdArray, times: number, axis: number): NdArray =>
  pick(x, x.shape.with(axis, x.shape[axis]! * times), (index) =>
    index.with(axis, Math.floor(index[axis]! / times)),
  );

export const roll = (x: NdArray, shift: number, axis: number): NdArray =>
  pick(x, x.shape, (index) => index.with(axis, remainder(index[axis]! - shift, x.shape[axis]!)));

export const diagonal = (x: NdArray, offset: number): NdArray => {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const [row, column] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.max(0, Math.min(rows - row, columns - column));
  return pick(x, [...x.shape.slice(0, -2), length], (index) => {
    const at = index.at(-1)!;
    return [...index.slice(0, -1), row + at, column + at];
  });
};

export const diag = (x: NdArray, offset: number): NdArray => {
  const size = x.size + Math.abs(offset);
  return pick(x, [size, size], ([i = 0, j = 0]) =>
    j - i === offset ? [Math.min(i, j)] : undefined,
  );
};

export const tril = (x: NdArray, offset: number): NdArray =>
  pick(x, x.shape, (index) => (index.at(-1)! - index.at(-2)! <= offset ? index : undefined));

export const triu = (x: NdArray, offset: number): NdArray =>
  pick(x, x.shape, (index) => (index.at(-1)! - index.at(-2)! >= offset ? index : undefined));

/** Where an element beyond the edge is from, by how the edge is continued. */
const beyond = {
  reflect: (at: number, size: number) => (at < 0 ? -at : at >= size ? 2 * size - 2 - at : at),
  symmetric: (at: number, size: number) => (at < 0 ? -at - 1 : at >= size ? 2 * size - 1 - at : at),
  edge: (at: number, size: number) => Math.min(Math.max(at, 0), size - 1),
  wrap: (at: number, size: number) => (at + size) % size,
};

export const padMode = (
  x: NdArray,
  padding: readonly (readonly [number, number])[],
  mode: keyof typeof beyond,
): NdArray =>
  pick(
    x,
    x.shape.map((size, i) => size + padding[i]![0] + padding[i]![1]),
    (index) => index.map((at, i) => beyond[mode](at - padding[i]![0], x.shape[i]!)),
  );

export const depthToSpace = (x: NdArray, b: number): NdArray => {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const channels = c / b ** 2;
  return pick(x, [n, h * b, w * b, channels], ([i = 0, y = 0, z = 0, k = 0]) => [
    i,
    Math.floor(y / b),
    Math.floor(z / b),
    ((y % b) * b + (z % b)) * channels + k,
  ]);
};

/** Blocks of two axes behind the first. */
export const batchToSpace = (
  x: NdArray,
  [p, q]: readonly [number, number],
  crops: readonly (readonly [number, number])[],
): NdArray => {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const batch = n / (p * q);
  const sizes = [h * p, w * q].map((size, i) => size - crops[i]![0] - crops[i]![1]);
  return pick(x, [batch, ...sizes, c], ([i = 0, y = 0, z = 0, k = 0]) => {
    const [row, column] = [y + crops[0]![0], z + crops[1]![0]];
    const block = (row % p) * q + (column % q);
    return [block * batch + i, Math.floor(row / p), Math.floor(column / q), k];
  });
};

/** Einstein's summation by its definition: a loop over every label's values. */
export function einsum(equation: string, operands: readonly NdArray[]): NdArray {
  const [left = '', output = ''] = equation.split('->');
  const terms = left.split(',');
  const sizes = new Map<string, number>();
  terms.forEach((term, k) => {
    for (const [axis, label] of [...term].entries()) sizes.set(label, operands[k]!.shape[axis]!);
  });
  const summed = [...sizes.keys()].filter((label) => !output.includes(label));
  const inner = new NdArray(summed.map((label) => sizes.get(label)!));
  return NdArray.build(
    [...output].map((label) => sizes.get(label)!),
    (index) => {
      let total = 0;
      NdArray.build(inner.shape, (places) => {
        const at = (label: string) =>
          output.includes(label) ? index[output.indexOf(label)]! : places[summed.indexOf(label)]!;
        total += terms.reduce((value, term, k) => value * operands[k]!.at(...[...term].map(at)), 1);
        return 0;
      });
      return total;
    },
  );
}
