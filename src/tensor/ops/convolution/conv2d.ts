import { requireOptions } from '../../../arguments.ts';
import { registerMethod } from '../../register-method.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { fourSizes, type Padding, windowedAxes } from '../window.ts';
import { requireOperands } from './operands.ts';
import { convolve } from './planes.ts';

export interface Conv2dOptions {
  /** Steps between windows, [vertical, horizontal] or one number for both. Default 1. */
  readonly strides?: number | readonly [number, number];
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number | readonly [number, number];
  /** 'valid' (none, the default), 'same' (output size = ⌈input / stride⌉, as in Keras), or widths. */
  readonly padding?: Padding;
  /** How many groups the channels are split in and convolved apart; as many as channels is depthwise. Default 1. */
  readonly groups?: number;
}

/**
 * 2-D convolution (cross-correlation, as everywhere in deep learning): x [N, H, W, C] with filters
 * [KH, KW, C / groups, O] → [N, H', W', O], f32.
 * @throws ShapeError where channels do not match, the window does not fit, or an option has another form.
 * @throws DTypeError where an operand is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function conv2d(x: AnyTensor, filter: AnyTensor, options: Conv2dOptions = {}): Tensor {
  requireOptions('conv2d', options, ['strides', 'dilations', 'padding', 'groups']);
  const { groups = 1 } = options;
  requireDType('conv2d', x, ['f32']);
  requireDType('conv2d', filter, ['f32']);
  requireOperands('conv2d', 2, x, filter, groups);
  const [, h, w] = fourSizes(x);
  const [kh, kw] = fourSizes(filter);
  const [rows, columns] = windowedAxes('conv2d', [h, w], [kh, kw], options);
  return convolve(x, filter, rows, columns, groups);
}

registerMethod('conv2d', conv2d);
