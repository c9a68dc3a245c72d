import { requireOptions } from '../../../arguments.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { squeeze, unsqueeze } from '../views.ts';
import { type Padding1d, type Rounding, SINGLE } from '../window.ts';
import { maxima, means } from './planes.ts';
import { POOL_OPTIONS, poolAxes, requireImages, withPadding } from './pool-axes.ts';

export interface Pool1dOptions {
  /** Length of the window. Default 2. */
  readonly filterSize?: number;
  /** Steps between windows; default: the window, so that windows do not overlap. */
  readonly strides?: number;
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number;
  /** 'valid' (the default), 'same', or widths. Padding never counts as a value. */
  readonly padding?: Padding1d;
  /** How many windows there are where they do not come out even; see `Pool2dOptions`. */
  readonly dimRoundingMode?: Rounding;
}

export interface AvgPool1dOptions extends Pool1dOptions {
  /** Whether padding counts as zeros, as is PyTorch's default. Default false, as in Keras. */
  readonly countIncludePad?: boolean;
}

/**
 * The largest element of each window, NaN where there is one: x [N, L, C] → [N, L', C], f32.
 * @throws ShapeError where x has not three axes, no window fits, or an option has another form.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function maxPool1d(x: AnyTensor, options: Pool1dOptions = {}): Tensor {
  requireOptions('maxPool1d', options, POOL_OPTIONS);
  requireImages('maxPool1d', 1, x);
  const [axis] = axesOf('maxPool1d', x, options);
  return squeeze(maxima(unsqueeze(x, 1), SINGLE, axis), [1]);
}

/**
 * The mean of each window's elements: x [N, L, C] → [N, L', C], f32.
 * @throws ShapeError where x has not three axes, no window fits, or an option has another form.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function avgPool1d(x: AnyTensor, options: AvgPool1dOptions = {}): Tensor {
  const op = 'avgPool1d';
  requireOptions(op, options, [...POOL_OPTIONS, 'countIncludePad']);
  requireImages(op, 1, x);
  const { countIncludePad = false, ...windows } = options;
  const [sequences, [axis]] = withPadding(op, x, axesOf(op, x, windows), countIncludePad);
  return squeeze(means(unsqueeze(sequences, 1), SINGLE, axis), [1]);
}

function axesOf(op: string, x: AnyTensor, { filterSize = 2, ...options }: Pool1dOptions) {
  return poolAxes(op, [sizeOf(x.shape, 1)], filterSize, options);
}
