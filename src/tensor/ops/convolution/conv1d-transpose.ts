import { requireOptions } from '../../../arguments.ts';
import { requireDType } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { squeeze, unsqueeze } from '../views.ts';
import { type Padding1d, SINGLE } from '../window.ts';
import type { Conv1dOptions } from './conv1d.ts';
import { requireTransposedOperands } from './operands.ts';
import { convolveBack } from './planes.ts';
import { transposedAxes } from './transposed-axes.ts';

export interface Conv1dTransposeOptions extends Omit<Conv1dOptions, 'padding'> {
  /** 'valid' (none, the default), 'same' (output length = length · stride, as in Keras), or widths. */
  readonly padding?: Padding1d;
  /** How many elements more at the end, below the stride or the dilation. Default 0. */
  readonly outputPadding?: number;
}

/**
 * Transposed 1-D convolution: x [N, L, C] with filters [K, O / groups, C] → [N, L', O], f32. Its
 * lengths are those of `conv2dTranspose`.
 * @throws ShapeError where channels do not match, nothing would be left, or an option has another form.
 * @throws ArgumentError where an option is not known, or an output padding is below neither its stride nor its
 *   dilation, or has 'same' beside it.
 * @throws DTypeError where an operand is not f32.
 */
export function conv1dTranspose(
  x: AnyTensor,
  filter: AnyTensor,
  options: Conv1dTransposeOptions = {},
): Tensor {
  const op = 'conv1dTranspose';
  requireOptions(op, options, ['strides', 'dilations', 'padding', 'groups', 'outputPadding']);
  const { groups = 1 } = options;
  requireDType(op, x, ['f32']);
  requireDType(op, filter, ['f32']);
  requireTransposedOperands(op, 1, x, filter, groups);
  const [count, window] = [sizeOf(x.shape, 1), sizeOf(filter.shape, 0)];
  const [columns] = transposedAxes(op, [count], [window], options);
  const y = convolveBack(unsqueeze(x, 1), unsqueeze(filter, 0), SINGLE, columns, groups);
  return squeeze(y, [1]);
}
