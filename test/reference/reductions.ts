import { eachIndex, frontAxis, NdArray, sizeOf } from './array.ts';

/** One axis, several, or (left out) all. */
export type Axes = number | readonly number[] | undefined;

export type Reduction = (array: NdArray, axes?: Axes, keepDims?: boolean) => NdArray;

/** Applies `value` to the elements that share a result, in row-major order of the reduced axes. */
export function reduce(
  array: NdArray,
  axes: Axes,
  keepDims: boolean,
  value: (elements: readonly number[]) => number,
): NdArray {
  const listed = typeof axes === 'number' ? [axes] : (axes ?? array.shape.map((_, axis) => axis));
  const reduced = new Set(listed.map((axis) => frontAxis(axis, array.rank)));
  const kept = array.shape.map((extent, axis) => (reduced.has(axis) ? 1 : extent));
  const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  eachIndex(array.shape, (index, position) => {
    let group = 0;
    for (let axis = 0; axis < index.length; axis++) {
      if (!reduced.has(axis)) group = group * array.shape[axis]! + index[axis]!;
    }
    groups[group]!.push(array.data[position]!);
  });
  const shape = keepDims ? kept : array.shape.filter((_, axis) => !reduced.has(axis));
  return new NdArray(shape, groups.map(value));
}

const reduction =
  (value: (elements: readonly number[]) => number): Reduction =>
  (array, axes, keepDims = false) =>
    reduce(array, axes, keepDims, value);

const total = (elements: readonly number[]) => elements.reduce((a, b) => a + b, 0);
const average = (elements: readonly number[]) => total(elements) / elements.length;
const largest = (elements: readonly number[]) =>
  elements.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const smallest = (elements: readonly number[]) =>
  elements.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

export const sum = reduction(total);
export const mean = reduction(average);
export const prod = reduction((elements) => elements.reduce((a, b) => a * b, 1));
export const max = reduction(largest);
export const min = reduction(smallest);
export const any = reduction((elements) => (elements.some((x) => x !== 0) ? 1 : 0));
export const all = reduction((elements) => (elements.every((x) => x !== 0) ? 1 : 0));

const placeOf = (elements: readonly number[], extreme: number) =>
  elements.findIndex((x) => x === extreme || (Number.isNaN(x) && Number.isNaN(extreme)));

/** The place of the first extreme, which a NaN is, counted row-major over the reduced axes. */
export const argMax = reduction((elements) => placeOf(elements, largest(elements)));
export const argMin = reduction((elements) => placeOf(elements, smallest(elements)));

/** Mean squared deviation; `correction` 1 divides by one less than the count. */
export const variance = (array: NdArray, axes?: Axes, keepDims = false, correction = 0): NdArray =>
  reduce(array, axes, keepDims, (elements) => {
    const center = average(elements);
    return total(elements.map((x) => (x - center) ** 2)) / (elements.length - correction);
  });

/** log Σ exp, shifted by the largest element so that nothing overflows. */
export const logSumExp = reduction((elements) => {
  const shift = largest(elements);
  if (!Number.isFinite(shift)) return shift;
  return shift + Math.log(total(elements.map((x) => Math.exp(x - shift))));
});

/** (Σ|x|ᵖ)^(1/p), and its limits for infinite p; how many are not 0 for 0. */
export const norm = (array: NdArray, ord: number, axes?: Axes): NdArray =>
  reduce(array, axes, false, (elements) => {
    const sizes = elements.map(Math.abs);
    if (ord === Number.POSITIVE_INFINITY) return largest(sizes);
    if (ord === Number.NEGATIVE_INFINITY) return smallest(sizes);
    if (ord === 0) return sizes.filter((x) => x !== 0).length;
    return total(sizes.map((x) => x ** ord)) ** (1 / ord);
  });
