import { shown } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { IMAGES } from '../../../tensor/ops/window.ts';
import { sizeOf } from '../../../tensor/shape.ts';

/**
 * The number of channels of sequences, images or volumes, by the number of axes before the channels.
 * @throws ShapeError where the shape is of something else, naming the layer.
 */
export function channelsOf(layer: string, axes: 1 | 2 | 3, shape: readonly number[]): number {
  if (shape.length === axes + 2) return sizeOf(shape, -1);
  const { images, layout } = IMAGES[axes];
  throw new ShapeError(
    `${layer}: needs ${images} ${layout}, got [${shape}]. Reshape them, with C = 1 for one channel.`,
  );
}

/**
 * A size for each axis, which may be given as one for all.
 * @throws ArgumentError where it is neither, naming it.
 */
export function sizesAlong(
  layer: string,
  name: string,
  axes: 1 | 2 | 3,
  value: number | readonly number[],
): readonly number[] {
  const sizes = typeof value === 'number' ? new Array<number>(axes).fill(value) : value;
  if (
    Array.isArray(sizes) &&
    sizes.length === axes &&
    sizes.every((size) => Number.isInteger(size) && size >= 1)
  ) {
    return sizes;
  }
  throw new ArgumentError(
    `${layer}: ${name} ${shown(value)} must be a whole number of 1 or more${['', ', or two of them', ', or three of them'][axes - 1]}.`,
  );
}

/** Widths at the sides of sequences, images and volumes: one for all, one for each axis, or two for each. */
export interface Sides {
  1: number | readonly [number, number];
  2: number | readonly [number, number] | readonly [number, number, number, number];
  3:
    | number
    | readonly [number, number, number]
    | readonly [number, number, number, number, number, number];
}

/**
 * The widths before and after each axis.
 * @throws ShapeError where they are negative, fractions or too many, naming them.
 */
export function widthsAlong(
  layer: string,
  name: string,
  axes: 1 | 2 | 3,
  value: number | readonly number[],
): (readonly [before: number, after: number])[] {
  const given = typeof value === 'number' ? new Array<number>(2 * axes).fill(value) : value;
  const isOnePerAxis = axes > 1 && Array.isArray(given) && given.length === axes;
  const sides = isOnePerAxis ? given.flatMap((width) => [width, width]) : given;
  if (
    !Array.isArray(sides) ||
    sides.length !== 2 * axes ||
    sides.some((width) => !Number.isInteger(width) || width < 0)
  ) {
    const lists = axes === 1 ? 'two of them' : `a list of ${axes}, or of ${2 * axes}`;
    throw new ShapeError(
      `${layer}: ${name} ${shown(value)} must be a whole number of 0 or more, or ${lists}.`,
    );
  }
  return Array.from({ length: axes }, (_, i) => [sides[2 * i] ?? 0, sides[2 * i + 1] ?? 0]);
}
