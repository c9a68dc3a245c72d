import { requireOptions } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { reshape } from '../views.ts';
import { fourSizes, windowedAxes } from '../window.ts';
import { type Conv2dOptions, conv2d } from './conv2d.ts';
import { requireOperands } from './operands.ts';
import { convolve } from './planes.ts';

/** The options of a convolution that splits channels by itself. */
export type DepthwiseOptions = Omit<Conv2dOptions, 'groups'>;

const OPTIONS = ['strides', 'dilations', 'padding'] as const;

/**
 * Convolution of each channel by itself: x [N, H, W, C] with filters [KH, KW, C, M] →
 * [N, H', W', C · M], f32, the M results of a channel side by side. As `conv2d` in C groups, which takes
 * its filters as [KH, KW, 1, C · M].
 * @throws ShapeError where channels do not match, the window does not fit, or an option has another form.
 * @throws DTypeError where an operand is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function depthwiseConv2d(
  x: AnyTensor,
  filter: AnyTensor,
  options: DepthwiseOptions = {},
): Tensor {
  requireOptions('depthwiseConv2d', options, OPTIONS);
  return depthwise('depthwiseConv2d', x, filter, options);
}

/**
 * A depthwise convolution, and one of windows of 1 × 1 that mixes its results: x [N, H, W, C] with filters
 * [KH, KW, C, M] and [1, 1, C · M, O] → [N, H', W', O], f32.
 * @throws ShapeError where channels do not match, the window does not fit, or an option has another form.
 * @throws DTypeError where an operand is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function separableConv2d(
  x: AnyTensor,
  depthwiseFilter: AnyTensor,
  pointwiseFilter: AnyTensor,
  options: DepthwiseOptions = {},
): Tensor {
  const op = 'separableConv2d';
  requireOptions(op, options, OPTIONS);
  requireDType(op, pointwiseFilter, ['f32']);
  const apart = depthwise(op, x, depthwiseFilter, options);
  const channels = apart.shape.at(-1);
  const [kh, kw, mixed] = pointwiseFilter.shape;
  if (pointwiseFilter.rank !== 4 || kh !== 1 || kw !== 1 || mixed !== channels) {
    throw new ShapeError(
      `${op}: needs a pointwise filter [1, 1, ${channels}, O] for the ${channels} results of the depthwise one, got [${pointwiseFilter.shape}].`,
    );
  }
  return conv2d(apart, pointwiseFilter);
}

function depthwise(op: string, x: AnyTensor, filter: AnyTensor, options: DepthwiseOptions): Tensor {
  requireDType(op, x, ['f32']);
  requireDType(op, filter, ['f32']);
  if (x.rank !== 4 || filter.rank !== 4 || x.shape[3] !== filter.shape[2]) {
    throw new ShapeError(
      `${op}: needs images [N, H, W, C] and filters [KH, KW, C, M], got [${x.shape}] and [${filter.shape}].`,
    );
  }
  const [, h, w, channels] = fourSizes(x);
  const [kh, kw, , multiplier] = fourSizes(filter);
  const bySide = reshape(filter, [kh, kw, 1, channels * multiplier]);
  requireOperands(op, 2, x, bySide, channels);
  const [rows, columns] = windowedAxes(op, [h, w], [kh, kw], options);
  return convolve(x, bySide, rows, columns, channels);
}
