import { requireOptions } from '../../../arguments.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { reshape } from '../views.ts';
import { fiveSizes, type Padding3d, type Rounding, SINGLE, type WindowedAxis } from '../window.ts';
import { maxima, means } from './planes.ts';
import { POOL_OPTIONS, poolAxes, requireImages, withPadding } from './pool-axes.ts';

export interface Pool3dOptions {
  /** Depth, height and width of the window, or one number for all. Default 2. */
  readonly filterSize?: number | readonly [number, number, number];
  /** Steps between windows; default: the window, so that windows do not overlap. */
  readonly strides?: number | readonly [number, number, number];
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number | readonly [number, number, number];
  /** 'valid' (the default), 'same', or widths. Padding never counts as a value. */
  readonly padding?: Padding3d;
  /** How many windows there are where they do not come out even; see `Pool2dOptions`. */
  readonly dimRoundingMode?: Rounding;
}

export interface AvgPool3dOptions extends Pool3dOptions {
  /** Whether padding counts as zeros, as is PyTorch's default. Default false, as in Keras. */
  readonly countIncludePad?: boolean;
}

/**
 * The largest element of each window, NaN where there is one: x [N, D, H, W, C] → [N, D', H', W', C],
 * f32.
 * @throws ShapeError where x has not five axes, no window fits, or an option has another form.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function maxPool3d(x: AnyTensor, options: Pool3dOptions = {}): Tensor {
  requireOptions('maxPool3d', options, POOL_OPTIONS);
  requireImages('maxPool3d', 3, x);
  return planesThenDepth(maxima, x, axesOf('maxPool3d', x, options));
}

/**
 * The mean of each window's elements: x [N, D, H, W, C] → [N, D', H', W', C], f32.
 * @throws ShapeError where x has not five axes, no window fits, or an option has another form.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function avgPool3d(x: AnyTensor, options: AvgPool3dOptions = {}): Tensor {
  const op = 'avgPool3d';
  requireOptions(op, options, [...POOL_OPTIONS, 'countIncludePad']);
  requireImages(op, 3, x);
  const { countIncludePad = false, ...windows } = options;
  return planesThenDepth(means, ...withPadding(op, x, axesOf(op, x, windows), countIncludePad));
}

function axesOf(op: string, x: AnyTensor, { filterSize = 2, ...options }: Pool3dOptions) {
  const [, d, h, w] = fiveSizes(x);
  return poolAxes(op, [d, h, w], filterSize, options);
}

/** A window's planes all have as many elements inside, so that the mean of their means is its mean. */
function planesThenDepth(
  pool: typeof maxima,
  x: Tensor,
  [depth, rows, columns]: readonly [WindowedAxis, WindowedAxis, WindowedAxis],
): Tensor {
  const [n, d, h, w, c] = fiveSizes(x);
  const planes = pool(reshape(x, [n * d, h, w, c]), rows, columns);
  const across = rows.count * columns.count;
  const each = { ...SINGLE, size: across, count: across };
  const volumes = pool(reshape(planes, [n, d, across, c]), depth, each);
  return reshape(volumes, [n, depth.count, rows.count, columns.count, c]);
}
