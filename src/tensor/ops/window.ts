import { requireChoice, shown } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { sizeOf } from '../shape.ts';
import type { AnyTensor } from '../tensor.ts';

/**
 * 'valid' (none), 'same' (as many windows as ⌈size / stride⌉, as in Keras), one width for all sides,
 * or [top, bottom, left, right].
 */
export type Padding = 'valid' | 'same' | number | readonly [number, number, number, number];

/** As {@link Padding}, along one axis: [before, after]. */
export type Padding1d = 'valid' | 'same' | number | readonly [number, number];

/** As {@link Padding}, along three axes: [front, back, top, bottom, left, right]. */
export type Padding3d =
  | 'valid'
  | 'same'
  | number
  | readonly [number, number, number, number, number, number];

/** What windows move over, by the number of axes they move along. */
export const IMAGES = {
  1: { images: 'sequences', layout: '[N, L, C]', window: 'K' },
  2: { images: 'images', layout: '[N, H, W, C]', window: 'KH, KW' },
  3: { images: 'volumes', layout: '[N, D, H, W, C]', window: 'KD, KH, KW' },
} as const;

/** The sizes of images [N, H, W, C] or filters [KH, KW, C, O], whose rank has been checked. */
export function fourSizes({ shape }: AnyTensor): [number, number, number, number] {
  return [sizeOf(shape, 0), sizeOf(shape, 1), sizeOf(shape, 2), sizeOf(shape, 3)];
}

/** The sizes of volumes [N, D, H, W, C] or filters [KD, KH, KW, C, O]. */
export function fiveSizes(x: AnyTensor): [number, number, number, number, number] {
  return [...fourSizes(x), sizeOf(x.shape, 4)];
}

/** How windows lie along one axis. */
export interface WindowedAxis {
  /** How many elements the axis has. */
  readonly size: number;
  /** How many of them a window takes, `dilation` apart. */
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** How many windows there are. */
  readonly count: number;
}

/** The axis that a plane has and a line has not. */
export const SINGLE: WindowedAxis = {
  ...{ size: 1, window: 1, stride: 1, dilation: 1 },
  ...{ before: 0, after: 0, count: 1 },
};

export type Sizes = readonly number[];

/** A list as long as another one. */
export type Each<S extends Sizes, T> = { readonly [Axis in keyof S]: T };

export interface WindowOptions {
  readonly strides?: number | Sizes | undefined;
  readonly dilations?: number | Sizes | undefined;
  readonly padding?: 'valid' | 'same' | number | Sizes | undefined;
  readonly dimRoundingMode?: Rounding | undefined;
}

/** How many windows there are where they do not come out even. */
export type Rounding = 'floor' | 'round' | 'ceil';

const COUNTS = ['no', 'one', 'two', 'three'];
const SIDES = [[], ['before', 'after'], ['top', 'bottom', 'left', 'right']];
const SIDES_3D = ['front', 'back', 'top', 'bottom', 'left', 'right'];

/** From the first element of a window to its last, both counted. */
export function reachOf({ window, dilation }: WindowedAxis): number {
  return (window - 1) * dilation + 1;
}

/**
 * One number for each axis, which may be given as one for all.
 * @throws ShapeError where one is not whole and at least 1.
 */
export function perAxis<S extends Sizes>(what: string, value: number | S, axes: number): S {
  const all = typeof value === 'number' ? new Array<number>(axes).fill(value) : value;
  if (
    !Array.isArray(all) ||
    all.length !== axes ||
    all.some((n) => !Number.isInteger(n) || n < 1)
  ) {
    const wanted = axes === 1 ? 'a whole number' : `one or ${COUNTS[axes]} whole numbers`;
    throw new ShapeError(`${what}: ${shown(value)} must be ${wanted} of 1 or more.`);
  }
  return all as unknown as S;
}

/**
 * How windows lie along axes of `sizes`.
 * @throws ShapeError where an option is none of the ways to give it, or no window fits.
 * @throws ArgumentError where there is no such rounding.
 */
export function windowedAxes<const S extends Sizes>(
  op: string,
  sizes: S,
  windows: Each<S, number>,
  options: WindowOptions,
): Each<S, WindowedAxis> {
  const { dimRoundingMode = 'floor' } = options;
  requireChoice(op, { dimRoundingMode }, ['floor', 'round', 'ceil']);
  const axes = laidOut(op, sizes, windows, options).map((axis) => ({
    ...axis,
    count: countOf(axis, dimRoundingMode),
  }));
  if (axes.some(({ count }) => count < 1)) {
    const sides = axes.flatMap(({ before, after }) => [before, after]);
    throw new ShapeError(
      `${op}: a window of ${axes.map(reachOf).join('×')} does not fit into an image of ${sizes.join('×')} padded by [${sides}].`,
    );
  }
  return axes as unknown as Each<S, WindowedAxis>;
}

/** Strides, dilations and padding of axes; how many windows that makes is counted by the caller. */
export function laidOut(
  op: string,
  sizes: Sizes,
  windows: Sizes,
  { strides = 1, dilations = 1, padding = 'valid' }: WindowOptions,
): WindowedAxis[] {
  const steps = perAxis<Sizes>(`${op} strides`, strides, sizes.length);
  const gaps = perAxis<Sizes>(`${op} dilations`, dilations, sizes.length);
  const axes = sizes.map((size, i) => ({
    ...SINGLE,
    size,
    window: windows[i] ?? 1,
    stride: steps[i] ?? 1,
    dilation: gaps[i] ?? 1,
  }));
  if (padding === 'valid') return axes;
  if (padding === 'same') return axes.map((axis) => ({ ...axis, ...evenSides(axis) }));
  const sides = sidesOf(op, padding, sizes.length);
  return axes.map((axis, i) => ({
    ...axis,
    before: sides[2 * i] ?? 0,
    after: sides[2 * i + 1] ?? 0,
  }));
}

/** For ⌈size / stride⌉ windows; the odd element is at the end, as TensorFlow has it. */
function evenSides(axis: WindowedAxis): { before: number; after: number } {
  const { size, stride } = axis;
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reachOf(axis) - size, 0);
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) };
}

/**
 * Widths of padding, two for each axis, which may be given as one for all.
 * @throws ShapeError where they are not.
 */
function sidesOf(op: string, padding: number | Sizes, axes: number): Sizes {
  const sides = typeof padding === 'number' ? new Array<number>(2 * axes).fill(padding) : padding;
  if (
    !Array.isArray(sides) ||
    sides.length !== 2 * axes ||
    sides.some((n) => !Number.isInteger(n) || n < 0)
  ) {
    throw new ShapeError(
      `${op}: padding ${shown(padding)} must be 'valid', 'same', one width, or [${(SIDES[axes] ?? SIDES_3D).join(', ')}].`,
    );
  }
  return sides;
}

/** A window past the last whole one must begin before the padding at the end does, as in PyTorch. */
function countOf(axis: WindowedAxis, rounding: Rounding): number {
  const { size, stride, before, after } = axis;
  const steps = (size + before + after - reachOf(axis)) / stride;
  const [whole, asked] = [Math.floor(steps) + 1, Math[rounding](steps) + 1];
  return asked > whole && whole * stride >= size + before ? whole : asked;
}
