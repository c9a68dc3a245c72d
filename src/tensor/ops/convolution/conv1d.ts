import { requireOptions } from '../../../arguments.ts';
import { requireDType } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { squeeze, unsqueeze } from '../views.ts';
import { type Padding1d, SINGLE, windowedAxes } from '../window.ts';
import { requireOperands } from './operands.ts';
import { convolve } from './planes.ts';

export interface Conv1dOptions {
  /** Steps between windows. Default 1. */
  readonly strides?: number;
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number;
  /**
   * 'valid' (none, the default), 'same' (output length = ⌈length / stride⌉, as in Keras), 'causal'
   * (all of it in front, so that no output sees what comes after it), or widths.
   */
  readonly padding?: Padding1d | 'causal';
  /** How many groups the channels are split in and convolved apart; as many as channels is depthwise. Default 1. */
  readonly groups?: number;
}

/**
 * 1-D convolution of sequences: x [N, L, C] with filters [K, C / groups, O] → [N, L', O], f32.
 * @throws ShapeError where channels do not match, the window does not fit, or an option has another form.
 * @throws DTypeError where an operand is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function conv1d(x: AnyTensor, filter: AnyTensor, options: Conv1dOptions = {}): Tensor {
  requireOptions('conv1d', options, ['strides', 'dilations', 'padding', 'groups']);
  const { groups = 1, dilations = 1, padding } = options;
  requireDType('conv1d', x, ['f32']);
  requireDType('conv1d', filter, ['f32']);
  requireOperands('conv1d', 1, x, filter, groups);
  const [length, window] = [sizeOf(x.shape, 1), sizeOf(filter.shape, 0)];
  const [columns] = windowedAxes('conv1d', [length], [window], {
    ...options,
    padding: padding === 'causal' ? [(window - 1) * dilations, 0] : padding,
  });
  return squeeze(convolve(unsqueeze(x, 1), unsqueeze(filter, 0), SINGLE, columns, groups), [1]);
}
