import { inWords, requireList, shown } from '../arguments.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import type { Broadcast, Shape } from './shape-types.ts';

/**
 * The shape two shapes broadcast to by NumPy's rule.
 * @throws ShapeError where they do not, naming the op and both shapes.
 */
export function broadcastShapes<A extends Shape, B extends Shape>(
  op: string,
  a: A,
  b: B,
): Broadcast<A, B> {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i] ?? 1;
    const y = b[b.length - i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${op}: shapes [${a}] and [${b}] do not broadcast: ${x} and ${y} differ at axis ${-i}. ` +
          'Aligned at the end, dimensions must be equal or 1; reshape or unsqueeze one of the two.',
      );
    }
    shape[rank - i] = x === 1 ? y : x;
  }
  return shape as Shape as Broadcast<A, B>;
}

/** The size along an axis that the shape has, counted from either end. */
export function sizeOf(shape: readonly number[], axis: number): number {
  const size = shape.at(axis);
  if (size === undefined) throw new ShapeError(`axis ${axis} does not exist in [${shape}].`);
  return size;
}

/**
 * An axis counted from the front.
 * @throws ShapeError where the shape has no such axis.
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  const fromFront = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || fromFront < 0 || fromFront >= rank) {
    const range = rank === 0 ? 'a scalar has no axes' : `axes go from ${-rank} to ${rank - 1}`;
    throw new ShapeError(`${op}: axis ${shown(axis)} does not exist: ${range}.`);
  }
  return fromFront;
}

/**
 * Axes in rising order, each once; all of them when none is given.
 * @throws ShapeError where the shape has no such axis, or one is named twice.
 */
export function normalizeAxes(
  op: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axes === 'number' ? [axes] : axes;
  requireList(op, list, 'axes, such as [0, 1], or one axis');
  const unique = new Set(list.map((axis) => normalizeAxis(op, axis, rank)));
  if (unique.size !== list.length)
    throw new ShapeError(`${op}: axes [${list}] name one axis twice.`);
  return [...unique].sort((a, b) => a - b);
}

/**
 * Checks a shape given by a user.
 * @throws ArgumentError where it is no array.
 * @throws ShapeError where a dimension is not a whole number of 0 or more.
 */
export function checkShape(op: string, shape: readonly number[]): void {
  requireDimensions(op, shape);
  if (shape.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ShapeError(
      `${op}: [${shape.map(shown)}] is no shape: dimensions are whole numbers, 0 or more.`,
    );
  }
}

/** @throws ArgumentError where a shape is no array. */
export function requireDimensions(op: string, shape: readonly number[]): void {
  if (Array.isArray(shape)) return;
  const example = typeof shape === 'number' ? `[${shape}] or [${shape}, 3]` : '[2, 3]';
  throw new ArgumentError(
    `${op}: a shape is an array of dimensions, such as ${example}; got ${inWords(shape)}.`,
  );
}

/** Indices are numbers of 32 bits, which may be negative. */
export const MOST_ELEMENTS = 2 ** 31 - 1;

/**
 * Refuses a shape of more elements than kernels can number, which no device could hold either.
 * @throws ShapeError, naming the op, where it has.
 */
export function checkElements(op: string, shape: readonly number[]): void {
  let elements = 1;
  for (const size of shape) elements *= size;
  if (elements <= MOST_ELEMENTS) return;
  throw new ShapeError(
    `${op}: [${shape}] has ${elements} elements, of which a tensor has at most ${MOST_ELEMENTS}. ` +
      'Use a smaller batch, or compute it in parts.',
  );
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** How often an element of `small` is repeated along which axes of `large` (gradient of expand). */
export function expandedAxes(small: readonly number[], large: readonly number[]): number[] {
  const extra = large.length - small.length;
  return large.flatMap((size, axis) => {
    if (axis < extra) return [axis];
    return small[axis - extra] === 1 && size !== 1 ? [axis] : [];
  });
}
