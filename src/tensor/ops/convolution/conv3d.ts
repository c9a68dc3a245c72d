import { requireOptions } from '../../../arguments.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { concat } from '../joining.ts';
import { pad, reshape, slice, transpose } from '../views.ts';
import { fiveSizes, type Padding3d, type WindowedAxis, windowedAxes } from '../window.ts';
import { requireOperands } from './operands.ts';
import { convolve } from './planes.ts';

export interface Conv3dOptions {
  /** Steps between windows, [depth, vertical, horizontal] or one number for all. Default 1. */
  readonly strides?: number | readonly [number, number, number];
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number | readonly [number, number, number];
  /** 'valid' (none, the default), 'same' (output size = ⌈input / stride⌉, as in Keras), or widths. */
  readonly padding?: Padding3d;
  /** How many groups the channels are split in and convolved apart. Default 1. */
  readonly groups?: number;
}

/**
 * 3-D convolution: x [N, D, H, W, C] with filters [KD, KH, KW, C / groups, O] → [N, D', H', W', O],
 * f32. The KD planes under a window become the channels of one, which takes KD times the memory of x;
 * where there are groups, the convolutions of KD planes are added up.
 * @throws ShapeError where channels do not match, the window does not fit, or an option has another form.
 * @throws DTypeError where an operand is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function conv3d(x: AnyTensor, filter: AnyTensor, options: Conv3dOptions = {}): Tensor {
  requireOptions('conv3d', options, ['strides', 'dilations', 'padding', 'groups']);
  const { groups = 1 } = options;
  requireDType('conv3d', x, ['f32']);
  requireDType('conv3d', filter, ['f32']);
  requireOperands('conv3d', 3, x, filter, groups);
  const [n, d, h, w, c] = fiveSizes(x);
  const [kd, kh, kw, perGroup, o] = fiveSizes(filter);
  const [planes, rows, columns] = windowedAxes('conv3d', [d, h, w], [kd, kh, kw], options);
  const images = planesUnderWindows(x, planes);
  const convolved = (image: Tensor, filters: Tensor, inputs: number) =>
    convolve(image, reshape(filters, [kh, kw, inputs, o]), rows, columns, groups);
  const y =
    groups === 1
      ? convolved(concat(images, -1), transpose(filter, [1, 2, 0, 3, 4]), kd * c)
      : images
          .map((image, k) => convolved(image, slice(filter, [k], [k + 1]), perGroup))
          .reduce((a, b) => a.add(b));
  return reshape(y, [n, planes.count, rows.count, columns.count, o]);
}

/** The first plane of each window along the depth, the second, …: each [N · D', H, W, C]. */
function planesUnderWindows(x: Tensor, depth: WindowedAxis): Tensor[] {
  const [n, , h, w, c] = fiveSizes(x);
  const { window, stride, dilation, before, after, count } = depth;
  const none = [0, 0] as const;
  const padded = pad(x, [none, [before, after], none, none, none]);
  return Array.from({ length: window }, (_, k) => {
    const first = k * dilation;
    const planes = slice(
      padded,
      [0, first],
      [undefined, first + (count - 1) * stride + 1],
      [1, stride],
    );
    return reshape(planes, [n * count, h, w, c]);
  });
}
