import { requireFlag } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { pad } from '../views.ts';
import {
  type Each,
  IMAGES,
  perAxis,
  reachOf,
  type Sizes,
  type WindowedAxis,
  type WindowOptions,
  windowedAxes,
} from '../window.ts';

/** The names of the options that every pooling has. */
export const POOL_OPTIONS = [
  'filterSize',
  'strides',
  'dilations',
  'padding',
  'dimRoundingMode',
] as const;

/** @throws ShapeError or DTypeError where x is not f32 images with so many axes for windows to move along. */
export function requireImages(
  op: string,
  axes: keyof typeof IMAGES,
  x: AnyTensor,
): asserts x is Tensor {
  requireDType(op, x, ['f32']);
  if (x.rank === axes + 2) return;
  const { images, layout } = IMAGES[axes];
  throw new ShapeError(`${op}: needs ${images} ${layout}, got [${x.shape}].`);
}

/**
 * How windows of `filterSize` lie along axes of `sizes`, side by side unless strides say otherwise.
 * @throws ShapeError where an option is none of the ways to give it, no window fits, or one could lie
 * in the padding alone.
 * @throws ArgumentError where there is no such rounding.
 */
export function poolAxes<const S extends Sizes>(
  op: string,
  sizes: S,
  filterSize: number | Sizes,
  options: WindowOptions,
): Each<S, WindowedAxis> {
  const windows = perAxis<Sizes>(`${op} filterSize`, filterSize, sizes.length);
  const { strides = windows, ...others } = options;
  const axes = windowedAxes<Sizes>(op, sizes, windows, { strides, ...others });
  if (axes.some((axis) => Math.max(axis.before, axis.after) >= reachOf(axis))) {
    const sides = axes.flatMap(({ before, after }) => [before, after]);
    throw new ShapeError(
      `${op}: padding [${sides}] must be smaller than the window ${axes.map(reachOf).join('×')}.`,
    );
  }
  if (sizes.some((size) => size === 0)) {
    throw new ShapeError(`${op}: there is nothing to pool in images of ${sizes.join('×')}.`);
  }
  if (axes.some(missesAll)) {
    throw new ShapeError(
      `${op}: a window would lie in the padding alone: its elements lie ${axes.map(({ dilation }) => dilation).join('×')} apart, images are of ${sizes.join('×')}.`,
    );
  }
  return axes as unknown as Each<S, WindowedAxis>;
}

/** Whether a window reaches over all there is, as one may whose elements lie apart. */
function missesAll({ size, window, stride, dilation, before, count }: WindowedAxis): boolean {
  return Array.from({ length: count }, (_, i) => i * stride - before).some((first) => {
    const skipped = Math.max(0, Math.ceil(-first / dilation));
    return skipped >= window || first + skipped * dilation >= size;
  });
}

/** Images with their padding as values, where it counts, and how windows lie on them. */
export function withPadding<const S extends readonly WindowedAxis[]>(
  op: string,
  x: Tensor,
  axes: S,
  countIncludePad: boolean,
): [x: Tensor, axes: S] {
  requireFlag(op, 'countIncludePad', countIncludePad);
  if (!countIncludePad) return [x, axes];
  const sides = axes.map(({ before, after }) => [before, after] as const);
  const whole = axes.map((axis) => ({
    ...axis,
    size: axis.before + axis.size + axis.after,
    before: 0,
    after: 0,
  }));
  return [pad(x, [[0, 0], ...sides, [0, 0]]), whole as unknown as S];
}
