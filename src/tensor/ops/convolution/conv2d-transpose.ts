import { requireOptions } from '../../../arguments.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { fourSizes } from '../window.ts';
import type { Conv2dOptions } from './conv2d.ts';
import { requireTransposedOperands } from './operands.ts';
import { convolveBack } from './planes.ts';
import { transposedAxes } from './transposed-axes.ts';

export interface Conv2dTransposeOptions extends Conv2dOptions {
  /** How many elements more at the bottom and at the right, each below its stride or dilation. Default 0. */
  readonly outputPadding?: number | readonly [number, number];
}

/**
 * Transposed convolution (what a convolution hands back to its input): x [N, H, W, C] with filters
 * [KH, KW, O / groups, C] → [N, H', W', O], f32. H' = H · stride for padding 'same', (H − 1) · stride +
 * max(KH, stride) for 'valid', as in Keras, and (H − 1) · stride + KH − top − bottom for widths.
 * @throws ShapeError where channels do not match, nothing would be left, or an option has another form.
 * @throws ArgumentError where an option is not known, or an output padding is below neither its stride nor its
 *   dilation, or has 'same' beside it.
 * @throws DTypeError where an operand is not f32.
 */
export function conv2dTranspose(
  x: AnyTensor,
  filter: AnyTensor,
  options: Conv2dTransposeOptions = {},
): Tensor {
  const op = 'conv2dTranspose';
  requireOptions(op, options, ['strides', 'dilations', 'padding', 'groups', 'outputPadding']);
  const { groups = 1 } = options;
  requireDType(op, x, ['f32']);
  requireDType(op, filter, ['f32']);
  requireTransposedOperands(op, 2, x, filter, groups);
  const [, h, w] = fourSizes(x);
  const [kh, kw] = fourSizes(filter);
  const [rows, columns] = transposedAxes(op, [h, w], [kh, kw], options);
  return convolveBack(x, filter, rows, columns, groups);
}
