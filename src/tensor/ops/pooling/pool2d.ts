import { requireOptions } from '../../../arguments.ts';
import { registerMethod } from '../../register-method.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { fourSizes, type Padding, type Rounding } from '../window.ts';
import { maxima, means } from './planes.ts';
import { POOL_OPTIONS, poolAxes, requireImages, withPadding } from './pool-axes.ts';

export interface Pool2dOptions {
  /** Height and width of the window, or one number for both. Default 2. */
  readonly filterSize?: number | readonly [number, number];
  /** @deprecated Use `filterSize`. */
  readonly window?: number | readonly [number, number];
  /** Steps between windows; default: the window, so that windows do not overlap. */
  readonly strides?: number | readonly [number, number];
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number | readonly [number, number];
  /** 'valid' (the default), 'same', or widths. Padding never counts as a value. */
  readonly padding?: Padding;
  /** How many windows there are where they do not come out even: 'floor' (the default) leaves out one that is not whole, 'ceil' takes it in. */
  readonly dimRoundingMode?: Rounding;
}

export interface AvgPool2dOptions extends Pool2dOptions {
  /** Whether padding counts as zeros, as is PyTorch's default. Default false, as in Keras. */
  readonly countIncludePad?: boolean;
}

/**
 * The largest element of each window, NaN where there is one: x [N, H, W, C] → [N, H', W', C], f32.
 * @throws ShapeError where x has not four axes, no window fits, or an option has another form.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function maxPool2d(x: AnyTensor, options: Pool2dOptions = {}): Tensor {
  requireOptions('maxPool2d', options, [...POOL_OPTIONS, 'window']);
  requireImages('maxPool2d', 2, x);
  return maxima(x, ...axesOf('maxPool2d', x, options));
}

/**
 * The mean of each window's elements: x [N, H, W, C] → [N, H', W', C], f32.
 * @throws ShapeError where x has not four axes, no window fits, or an option has another form.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function avgPool2d(x: AnyTensor, options: AvgPool2dOptions = {}): Tensor {
  const op = 'avgPool2d';
  requireOptions(op, options, [...POOL_OPTIONS, 'window', 'countIncludePad']);
  requireImages(op, 2, x);
  const { countIncludePad = false, ...windows } = options;
  const [images, axes] = withPadding(op, x, axesOf(op, x, windows), countIncludePad);
  return means(images, ...axes);
}

function axesOf(op: string, x: AnyTensor, { filterSize, window = 2, ...options }: Pool2dOptions) {
  const [, h, w] = fourSizes(x);
  return poolAxes(op, [h, w], filterSize ?? window, options);
}

registerMethod('maxPool2d', maxPool2d);
registerMethod('avgPool2d', avgPool2d);
