import { requireOptions } from '../../../arguments.ts';
import { product } from '../../../kernels/launch.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { zeros } from '../creation.ts';
import { reshape, transpose } from '../views.ts';
import { fourSizes, perAxis, windowedAxes } from '../window.ts';
import { requireImages } from './pool-axes.ts';
import type { Pool2dOptions } from './pool2d.ts';
import { sideBySide } from './side-by-side.ts';

/** How far windows lie apart, how far apart the pixels of one lie, and what surrounds the image: as in pooling. */
export type PatchOptions = Pick<Pool2dOptions, 'strides' | 'dilations' | 'padding'>;

/**
 * The windows of images as channels: x [N, H, W, C] → [N, H', W', KH · KW · C], f32, the elements of a
 * window row by row, those of a pixel together. Windows lie side by side unless strides say otherwise, and
 * padding is 0. Its gradient is the inverse direction, `fold`, which adds patches up where they overlap.
 * @throws ShapeError where x has not four axes, a size is not whole and above 0, or no window fits.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function extractPatches(
  x: AnyTensor,
  size: number | readonly [height: number, width: number],
  options: PatchOptions = {},
): Tensor {
  const op = 'extractPatches';
  requireOptions(op, options, ['strides', 'dilations', 'padding']);
  requireImages(op, 2, x);
  const [n, h, w, c] = fourSizes(x);
  const [kh, kw] = perAxis<readonly [number, number]>(`${op} size`, size, 2);
  const { strides = [kh, kw] as const, ...others } = options;
  const [rows, columns] = windowedAxes(op, [h, w], [kh, kw], { strides, ...others });
  const [oh, ow] = [rows.count, columns.count];
  const shape = [n, oh, ow, kh * kw * c];
  if (product(shape) === 0) return zeros(shape);
  const apart = sideBySide(sideBySide(x, 1, rows, 0), 2, columns, 0);
  return reshape(transpose(reshape(apart, [n, oh, kh, ow, kw, c]), [0, 1, 3, 2, 4, 5]), shape);
}
