import { requireOptions } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import type { DepthwiseOptions } from '../convolution/separable.ts';
import { zeros } from '../creation.ts';
import { reshape, slice } from '../views.ts';
import { fourSizes, windowedAxes } from '../window.ts';
import { largest, windowViews } from './window-views.ts';

/**
 * Grey morphology's dilation: the largest sum of an element of each window and that of the filter at its
 * place, channel by channel; x [N, H, W, C] and filter [KH, KW, C] → [N, H', W', C], f32. Padding is −∞. Of
 * equal sums the first of a window gets the gradient.
 * @throws ShapeError where channels do not match or the window does not fit.
 * @throws DTypeError where an operand is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function dilation2d(
  x: AnyTensor,
  filter: AnyTensor,
  options: DepthwiseOptions = {},
): Tensor {
  const op = 'dilation2d';
  requireOptions(op, options, ['strides', 'dilations', 'padding']);
  requireDType(op, x, ['f32']);
  requireDType(op, filter, ['f32']);
  const [kh, kw, channels] = filter.shape;
  if (x.rank !== 4 || filter.rank !== 3 || x.shape[3] !== channels || !kh || !kw) {
    throw new ShapeError(
      `${op}: needs images [N, H, W, C] and a filter [KH, KW, C] that has elements, got [${x.shape}] and [${filter.shape}].`,
    );
  }
  const [n, h, w, c] = fourSizes(x);
  const [rows, columns] = windowedAxes(op, [h, w], [kh, kw], options);
  const shape = [n, rows.count, columns.count, c];
  if (product(shape) === 0) return zeros(shape);
  const sums = windowViews(x, rows, columns, Number.NEGATIVE_INFINITY).map(({ view, place }) => {
    const [ky, kx] = place;
    const added = reshape(slice(filter, [ky, kx], [ky + 1, kx + 1]), [c]);
    return { place, view: view.add(added) };
  });
  return largest(sums);
}
