import { requireChoice, requireList, requireOptions, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { requireTensor } from '../../require-dtype.ts';
import { normalizeAxis, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { concat } from '../joining.ts';
import { expandTo, reshape, slice } from '../views.ts';

/**
 * The whole tensor over and over: `repeats[i]` times along axis i, as NumPy's `tile`.
 * @throws ShapeError where there is not one number for each axis.
 * @throws ArgumentError where one is not a whole number of 0 or more.
 */
export function tile<D extends DType>(
  x: Tensor<Shape, D>,
  repeats: readonly number[],
): Tensor<Shape, D> {
  requireTensor('tile', x);
  requireList('tile', repeats, 'a number for each axis, such as [2, 1]');
  if (repeats.length !== x.rank) {
    throw new ShapeError(
      `tile: needs a number of repeats for each of the ${x.rank} axes of [${x.shape}], got [${repeats}].`,
    );
  }
  requireWhole('tile', { repeats }, { from: 0 });
  const apart = x.shape.flatMap((size) => [1, size]);
  const wide = x.shape.flatMap((size, axis) => [sizeOf(repeats, axis), size]);
  return reshape(
    expandTo(reshape(x, apart), wide),
    x.shape.map((size, axis) => size * sizeOf(repeats, axis)),
  );
}

/**
 * Each element `repeats` times in a row along an axis, or in the flattened tensor: NumPy's `repeat` and
 * PyTorch's `repeat_interleave`. What PyTorch calls `repeat` is `tile`.
 * @throws ShapeError where there is no such axis.
 * @throws ArgumentError where `repeats` is not a whole number of 0 or more.
 */
export function repeat<D extends DType>(
  x: Tensor<Shape, D>,
  repeats: number,
  axis?: number,
): Tensor<Shape, D> {
  requireTensor('repeat', x);
  requireWhole('repeat', { repeats }, { from: 0 });
  const from = axis === undefined ? reshape(x, [x.size]) : x;
  const at = normalizeAxis('repeat', axis ?? 0, from.rank);
  const { shape } = from;
  const apart = reshape(from, shape.toSpliced(at + 1, 0, 1));
  const wide = expandTo(apart, shape.toSpliced(at + 1, 0, repeats));
  return reshape(wide, shape.with(at, sizeOf(shape, at) * repeats));
}

/**
 * The elements moved on by `shift` places along axes, those that leave one end come in at the other:
 * one axis and shift, several of both, or, without axes, the flattened tensor.
 * @throws ShapeError where there is no such axis, or not one shift for each.
 * @throws ArgumentError where a shift is not a whole number.
 */
export function roll<D extends DType>(
  x: Tensor<Shape, D>,
  shift: number | readonly number[],
  axes?: number | readonly number[],
): Tensor<Shape, D> {
  requireTensor('roll', x);
  const shifts = typeof shift === 'number' ? [shift] : shift;
  requireList('roll', shifts, 'shifts, such as [1, 2], or one');
  requireWhole('roll', { shift: shifts });
  if (axes === undefined) {
    if (shifts.length !== 1) throw lacksAxes(shifts, 'none');
    return reshape(rolled(reshape(x, [x.size]), sizeOf(shifts, 0), 0), x.shape);
  }
  const list = typeof axes === 'number' ? [axes] : axes;
  requireList('roll', list, 'axes, such as [0, 1], or one');
  if (list.length !== shifts.length) throw lacksAxes(shifts, list);
  const places = list.map((axis) => normalizeAxis('roll', axis, x.rank));
  return places.reduce((y, axis, i) => rolled(y, sizeOf(shifts, i), axis), x);
}

function lacksAxes(shifts: readonly number[], axes: readonly number[] | 'none'): ShapeError {
  return new ShapeError(`roll: shifts [${shifts}] need an axis each, got [${axes}].`);
}

function rolled<D extends DType>(x: Tensor<Shape, D>, shift: number, axis: number) {
  const size = sizeOf(x.shape, axis);
  const start = size === 0 ? 0 : (((-shift % size) + size) % size) + 0;
  if (start === 0) return x;
  const before = new Array<number>(axis).fill(0);
  const whole = before.map(() => undefined);
  return concat([slice(x, [...before, start]), slice(x, [], [...whole, start])], axis);
}

/**
 * The slices along an axis, which each of them is without.
 * @throws ShapeError where there is no such axis.
 */
export function unstack<D extends DType>(x: Tensor<Shape, D>, axis = 0): Tensor<Shape, D>[] {
  requireTensor('unstack', x);
  const at = normalizeAxis('unstack', axis, x.rank);
  const before = new Array<number>(at).fill(0);
  const rest = x.shape.toSpliced(at, 1);
  return Array.from({ length: sizeOf(x.shape, at) }, (_, i) => {
    const ends = [...before.map(() => undefined), i + 1];
    return reshape(slice(x, [...before, i], ends), rest);
  });
}

/** How the first two axes of a mesh are laid out. */
export interface MeshgridOptions {
  /** 'xy': the first tensor runs along the second axis, as in NumPy; 'ij': along the first. */
  readonly indexing?: 'xy' | 'ij';
}

/**
 * Coordinates of a mesh: of vectors x, y, … tensors of one shape, each of which repeats a vector along
 * the axes of the others.
 * @throws ShapeError where one is no vector.
 */
export function meshgrid<D extends DType>(
  vectors: readonly Tensor<Shape, D>[],
  options: MeshgridOptions = {},
): Tensor<Shape, D>[] {
  requireList('meshgrid', vectors, 'vectors, such as [x, y]');
  requireOptions('meshgrid', options, ['indexing']);
  const { indexing = 'xy' } = options;
  requireChoice('meshgrid', { indexing }, ['xy', 'ij']);
  for (const one of vectors) requireVector('meshgrid', one);
  const swaps = indexing === 'xy' && vectors.length > 1;
  const axisOf = (i: number) => (swaps && i < 2 ? 1 - i : i);
  const shape = vectors.map((_, axis) => vectors[axisOf(axis)]?.size ?? 0);
  return vectors.map((x, i) =>
    expandTo(
      reshape(
        x,
        shape.map((size, axis) => (axis === axisOf(i) ? size : 1)),
      ),
      shape,
    ),
  );
}

/** @throws ShapeError where it is none. */
export function requireVector(op: string, x: AnyTensor): void {
  requireTensor(op, x);
  if (x.rank === 1) return;
  throw new ShapeError(`${op}: takes vectors, of one axis, got [${x.shape}]. Use reshape([-1]).`);
}
