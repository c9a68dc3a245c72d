import { requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { apply } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { type Conv2dOptions, conv2dInputGradient } from './convolution.ts';
import { zeros } from './creation.ts';
import { fourSizes, pair, requireWindow, windowPadding } from './window.ts';

export type Conv2dTransposeOptions = Omit<Conv2dOptions, 'groups'>;

/**
 * Transposed convolution (what a convolution hands back to its input): x [N, H, W, C] with filters
 * [KH, KW, O, C] → [N, H', W', O], f32. H' = H · stride for padding 'same', (H − 1) · stride +
 * max(KH, stride) for 'valid', as in Keras, and (H − 1) · stride + KH − top − bottom for widths.
 * @throws ShapeError where channels do not match or nothing would be left.
 * @throws DTypeError where an operand is not f32.
 */
export function conv2dTranspose(
  x: AnyTensor,
  filter: AnyTensor,
  options: Conv2dTransposeOptions = {},
): Tensor {
  const op = 'conv2dTranspose';
  requireOptions(op, options, ['strides', 'dilations', 'padding']);
  requireDType(op, x, ['f32']);
  requireDType(op, filter, ['f32']);
  if (x.rank !== 4 || filter.rank !== 4 || x.shape[3] !== filter.shape[3]) {
    throw new ShapeError(
      `${op}: needs images [N, H, W, C] and filters [KH, KW, O, C], got [${x.shape}] and [${filter.shape}].`,
    );
  }
  const [n, h, w] = fourSizes(x);
  const [kh, kw, o] = fourSizes(filter);
  requireWindow(op, filter);
  const strides = pair(`${op} strides`, options.strides ?? 1);
  const dilations = pair(`${op} dilations`, options.dilations ?? 1);
  const window = [(kh - 1) * dilations[0] + 1, (kw - 1) * dilations[1] + 1] as const;
  const { padding: asked = 'valid' } = options;
  const whole = [h * strides[0], w * strides[1]] as const;
  const padding = windowPadding(op, whole, window, strides, asked);
  const extent = (size: number, axis: 0 | 1, cut: number) => {
    if (asked === 'same') return whole[axis];
    const reach = asked === 'valid' ? Math.max(window[axis], strides[axis]) : window[axis];
    return (size - 1) * strides[axis] + reach - cut;
  };
  const [height, width] = [
    extent(h, 0, padding[0] + padding[1]),
    extent(w, 1, padding[2] + padding[3]),
  ];
  if (height < 1 || width < 1) {
    throw new ShapeError(
      `${op}: padding [${padding}] leaves nothing of images [${x.shape}] and filters [${filter.shape}].`,
    );
  }
  const shape = [n, height, width, o];
  if (x.size === 0 || filter.size === 0) return zeros(shape);
  const attributes = { strides, dilations, padding };
  return apply(conv2dInputGradient, [x, filter], { shape, dtype: 'f32' }, attributes);
}
