import { requireOptions } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType } from '../../require-dtype.ts';
import { sameShape } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { zeros } from '../creation.ts';
import { reshape, slice, transpose, unslice } from '../views.ts';
import { perAxis, type WindowedAxis, windowedAxes } from '../window.ts';
import type { PatchOptions } from './patches.ts';
import { overhang } from './side-by-side.ts';

/**
 * Patches put back where `extractPatches` with the same options took them from, added up where they overlap: x
 * [N, H', W', KH · KW · C] → images [N, H, W, C] of the size [H, W] that is given, f32. Its gradient is
 * `extractPatches`. PyTorch's `fold`, which has the channels of patches in front of their places.
 * @throws ShapeError where x has not four axes, or not the windows that there are in images of that size, a size is
 *   not whole and above 0, or no window fits.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known.
 */
export function fold(
  x: AnyTensor,
  imageSize: number | readonly [height: number, width: number],
  size: number | readonly [height: number, width: number],
  options: PatchOptions = {},
): Tensor {
  const op = 'fold';
  requireOptions(op, options, ['strides', 'dilations', 'padding']);
  requireDType(op, x, ['f32']);
  const [h, w] = perAxis<readonly [number, number]>(`${op} imageSize`, imageSize, 2);
  const [kh, kw] = perAxis<readonly [number, number]>(`${op} size`, size, 2);
  const { strides = [kh, kw] as const, ...others } = options;
  const [rows, columns] = windowedAxes(op, [h, w], [kh, kw], { strides, ...others });
  const [oh, ow] = [rows.count, columns.count];
  const [n = 0, , , taps = 0] = x.shape;
  const c = taps / (kh * kw);
  if (x.rank !== 4 || !Number.isInteger(c) || !sameShape(x.shape, [n, oh, ow, taps])) {
    throw new ShapeError(
      `${op}: images of ${h}×${w} have patches [N, ${oh}, ${ow}, ${kh * kw} · C], got [${x.shape}].`,
    );
  }
  const shape = [n, h, w, c];
  if (product(shape) === 0) return zeros(shape);
  const apart = transpose(reshape(x, [n, oh, ow, kh, kw, c]), [0, 1, 3, 2, 4, 5]);
  const across = addedUp(reshape(apart, [n, oh * kh, ow * kw, c]), 2, columns);
  return addedUp(across, 1, rows);
}

/** Windows that lie side by side along an axis, one on the other as far as they overlap. */
function addedUp(x: Tensor, axis: number, along: WindowedAxis): Tensor {
  const { size, window, stride, dilation, before } = along;
  const padded = x.shape.with(axis, before + size + overhang(along));
  const at = (value: number, others: number) =>
    x.shape.map((_, i) => (i === axis ? value : others));
  const places = Array.from({ length: window }, (_, k) => {
    const own = slice(x, at(k, 0), [], at(window, 1));
    return unslice(own, padded, at(k * dilation, 0), at(stride, 1));
  });
  const sum = places.reduce((a, b) => a.add(b));
  const ends = x.shape.map((length, i) => (i === axis ? before + size : length));
  return slice(sum, at(before, 0), ends);
}
