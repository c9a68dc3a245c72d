import { requireOptions } from '../../../arguments.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { reshape, slice, unslice } from '../views.ts';
import { fiveSizes, type WindowedAxis } from '../window.ts';
import type { Conv3dOptions } from './conv3d.ts';
import { requireTransposedOperands } from './operands.ts';
import { convolveBack } from './planes.ts';
import { transposedAxes } from './transposed-axes.ts';

export interface Conv3dTransposeOptions extends Conv3dOptions {
  /** How many elements more at the end of each axis, each below its stride or dilation. Default 0. */
  readonly outputPadding?: number | readonly [number, number, number];
}

/**
 * Transposed 3-D convolution: x [N, D, H, W, C] with filters [KD, KH, KW, O / groups, C] →
 * [N, D', H', W', O], f32. Its sizes are those of `conv2dTranspose`.
 * @throws ShapeError where channels do not match, nothing would be left, or an option has another form.
 * @throws ArgumentError where an option is not known, or an output padding is below neither its stride nor its
 *   dilation, or has 'same' beside it.
 * @throws DTypeError where an operand is not f32.
 */
export function conv3dTranspose(
  x: AnyTensor,
  filter: AnyTensor,
  options: Conv3dTransposeOptions = {},
): Tensor {
  const op = 'conv3dTranspose';
  requireOptions(op, options, ['strides', 'dilations', 'padding', 'groups', 'outputPadding']);
  const { groups = 1 } = options;
  requireDType(op, x, ['f32']);
  requireDType(op, filter, ['f32']);
  requireTransposedOperands(op, 3, x, filter, groups);
  const [n, d, h, w, c] = fiveSizes(x);
  const [kd, kh, kw, perGroup] = fiveSizes(filter);
  const [depth, rows, columns] = transposedAxes(op, [d, h, w], [kd, kh, kw], options);
  const images = reshape(x, [n * d, h, w, c]);
  return Array.from({ length: kd }, (_, k) => {
    const filters = reshape(slice(filter, [k], [k + 1]), [kh, kw, perGroup, c]);
    const planes = convolveBack(images, filters, rows, columns, groups);
    return handedOut(reshape(planes, [n, d, rows.size, columns.size, perGroup * groups]), k, depth);
  }).reduce((a, b) => a.add(b));
}

/** Puts the planes that come from the k-th of each window where they belong, among zeros. */
function handedOut(planes: Tensor, k: number, depth: WindowedAxis): Tensor {
  const { size, stride, dilation, before, after } = depth;
  const [n, , ...rest] = fiveSizes(planes);
  const padded = [n, before + size + after, ...rest];
  const whole = unslice(planes, padded, [0, k * dilation, 0, 0, 0], [1, stride, 1, 1, 1]);
  return slice(whole, [0, before], [undefined, before + size]);
}
