import { shown } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import type { Conv2dAttributes } from '../../kernels/convolution/geometry.ts';
import type { Op } from '../op.ts';
import { sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** One of the three directions of a convolution: it makes one of image, filter and output of the two others. */
export type Convolution = Op<[Tensor, Tensor], Conv2dAttributes>;

/** The sizes of images [N, H, W, C] or filters [KH, KW, C, O], whose rank has been checked. */
export function fourSizes({ shape }: Tensor): [number, number, number, number] {
  return [sizeOf(shape, 0), sizeOf(shape, 1), sizeOf(shape, 2), sizeOf(shape, 3)];
}

/** @throws ShapeError where filters [KH, KW, …] have no height or no width. */
export function requireWindow(op: string, { shape }: Tensor): void {
  if (sizeOf(shape, 0) > 0 && sizeOf(shape, 1) > 0) return;
  throw new ShapeError(
    `${op}: filters [${shape}] have no elements to sum over: KH and KW are 1 or more.`,
  );
}

/** 'valid', 'same', or explicit widths: one for all sides, or [top, bottom, left, right]. */
export type Padding = 'valid' | 'same' | number | readonly [number, number, number, number];

type Sides = readonly [number, number, number, number];

/**
 * One number for both axes, or [vertical, horizontal].
 * @throws ShapeError where one is not whole and at least 1.
 */
export function pair(
  what: string,
  value: number | readonly [number, number],
): readonly [number, number] {
  const both = typeof value === 'number' ? ([value, value] as const) : value;
  if (
    !Array.isArray(both) ||
    both.length !== 2 ||
    both.some((n) => !Number.isInteger(n) || n < 1)
  ) {
    throw new ShapeError(`${what}: ${shown(value)} must be one or two whole numbers of 1 or more.`);
  }
  return both;
}

/**
 * Padding as widths. 'same' puts the odd one at the end, as TensorFlow does.
 * @throws ShapeError where it is none of the ways to give it.
 */
export function windowPadding(
  op: string,
  size: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): Sides {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    const along = (axis: 0 | 1) => {
      const [n, stride] = [size[axis], strides[axis]];
      const total = Math.max((Math.ceil(n / stride) - 1) * stride + window[axis] - n, 0);
      return [Math.floor(total / 2), Math.ceil(total / 2)] as const;
    };
    return [...along(0), ...along(1)];
  }
  const sides =
    typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding;
  if (
    !Array.isArray(sides) ||
    sides.length !== 4 ||
    sides.some((n) => !Number.isInteger(n) || n < 0)
  ) {
    throw new ShapeError(
      `${op}: padding ${shown(padding)} must be 'valid', 'same', one width, or [top, bottom, left, right].`,
    );
  }
  return sides;
}

/**
 * How many windows fit on each axis.
 * @throws ShapeError where none does.
 */
export function windowOutput(
  op: string,
  size: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Sides,
): readonly [number, number] {
  const fit = (axis: 0 | 1, before: number, after: number) =>
    Math.floor((size[axis] + before + after - window[axis]) / strides[axis]) + 1;
  const [oh, ow] = [fit(0, padding[0], padding[1]), fit(1, padding[2], padding[3])];
  if (oh < 1 || ow < 1) {
    throw new ShapeError(
      `${op}: a window of ${window[0]}×${window[1]} does not fit into an image of ${size[0]}×${size[1]} padded by [${padding}].`,
    );
  }
  return [oh, ow];
}
