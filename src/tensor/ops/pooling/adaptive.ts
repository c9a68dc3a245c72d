import { ShapeError } from '../../../errors.ts';
import { product } from '../../../kernels/launch.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { tensor } from '../creation.ts';
import { gather } from '../indexing/gather.ts';
import { reshape } from '../views.ts';
import { where } from '../where.ts';
import { perAxis, SINGLE, type Sizes } from '../window.ts';
import { maxima, means } from './planes.ts';
import { requireImages } from './pool-axes.ts';

// Windows of which there are as many as one asks for, as even as they can be: PyTorch's. The i-th of n
// windows along an axis of s elements begins at ⌊i s / n⌋ and ends before ⌈(i + 1) s / n⌉, so
// that they overlap where n does not divide s, and differ in length by one at most. A window over several
// axes is pooled axis by axis.

type Two = readonly [height: number, width: number];
type Three = readonly [depth: number, height: number, width: number];

/**
 * The means of `size` windows, as even as they can be, of sequences [N, L, C] → [N, size, C], f32.
 * @throws ShapeError where x has not three axes or no elements, or a size is not whole and above 0.
 * @throws DTypeError where x is not f32.
 */
export function adaptiveAvgPool1d(x: AnyTensor, size: number): Tensor {
  return adaptive('adaptiveAvgPool1d', 1, x, size, meansAlong);
}

/**
 * The largest elements of `size` windows, as even as they can be, of sequences [N, L, C] → [N, size, C],
 * f32.
 * @throws ShapeError where x has not three axes or no elements, or a size is not whole and above 0.
 * @throws DTypeError where x is not f32.
 */
export function adaptiveMaxPool1d(x: AnyTensor, size: number): Tensor {
  return adaptive('adaptiveMaxPool1d', 1, x, size, maximaAlong);
}

/**
 * The means of `size` windows, as even as they can be, down and across images [N, H, W, C] →
 * [N, height, width, C], f32.
 * @throws ShapeError where x has not four axes or no elements, or a size is not whole and above 0.
 * @throws DTypeError where x is not f32.
 */
export function adaptiveAvgPool2d(x: AnyTensor, size: number | Two): Tensor {
  return adaptive('adaptiveAvgPool2d', 2, x, size, meansAlong);
}

/**
 * The largest elements of `size` windows, as even as they can be, down and across images [N, H, W, C] →
 * [N, height, width, C], f32.
 * @throws ShapeError where x has not four axes or no elements, or a size is not whole and above 0.
 * @throws DTypeError where x is not f32.
 */
export function adaptiveMaxPool2d(x: AnyTensor, size: number | Two): Tensor {
  return adaptive('adaptiveMaxPool2d', 2, x, size, maximaAlong);
}

/**
 * The means of `size` windows, as even as they can be, along the axes of volumes [N, D, H, W, C] →
 * [N, depth, height, width, C], f32.
 * @throws ShapeError where x has not five axes or no elements, or a size is not whole and above 0.
 * @throws DTypeError where x is not f32.
 */
export function adaptiveAvgPool3d(x: AnyTensor, size: number | Three): Tensor {
  return adaptive('adaptiveAvgPool3d', 3, x, size, meansAlong);
}

/**
 * The largest elements of `size` windows, as even as they can be, along the axes of volumes
 * [N, D, H, W, C] → [N, depth, height, width, C], f32.
 * @throws ShapeError where x has not five axes or no elements, or a size is not whole and above 0.
 * @throws DTypeError where x is not f32.
 */
export function adaptiveMaxPool3d(x: AnyTensor, size: number | Three): Tensor {
  return adaptive('adaptiveMaxPool3d', 3, x, size, maximaAlong);
}

/** Where each window begins along the axis, how long it is, and how long the longest is. */
interface Windows {
  readonly begins: readonly number[];
  readonly lengths: readonly number[];
  readonly longest: number;
}

function adaptive(
  op: string,
  axes: 1 | 2 | 3,
  x: AnyTensor,
  size: number | Sizes,
  poolAlong: (planes: Tensor, windows: Windows) => Tensor,
): Tensor {
  requireImages(op, axes, x);
  const wanted = perAxis<Sizes>(`${op} size`, size, axes);
  if (x.shape.slice(1, -1).includes(0)) {
    throw new ShapeError(`${op}: there is nothing to pool in [${x.shape}].`);
  }
  return wanted.reduce((pooled, count, i) => {
    const axis = i + 1;
    const { shape } = pooled;
    const there = sizeOf(shape, axis);
    const planes = reshape(pooled, [
      product(shape.slice(0, axis)),
      there,
      product(shape.slice(axis + 1, -1)),
      sizeOf(shape, -1),
    ]);
    return reshape(poolAlong(planes, windowsOf(there, count)), shape.with(axis, count));
  }, x);
}

function windowsOf(there: number, count: number): Windows {
  const begins = Array.from({ length: count }, (_, i) => Math.floor((i * there) / count));
  const lengths = begins.map((begin, i) => Math.ceil(((i + 1) * there) / count) - begin);
  return { begins, lengths, longest: Math.max(...lengths) };
}

/** The last element of a shorter window comes twice, which changes no maximum. */
function maximaAlong(planes: Tensor, windows: Windows): Tensor {
  return maxima(apart(planes, windows), ...axesOf(planes, windows));
}

function meansAlong(planes: Tensor, windows: Windows): Tensor {
  const { lengths, longest } = windows;
  const places = apart(planes, windows);
  if (lengths.every((length) => length === longest)) {
    return means(places, ...axesOf(planes, windows));
  }
  const isWithin = lengths.flatMap((length) =>
    Array.from({ length: longest }, (_, i) => Number(i < length)),
  );
  const mask = tensor(Uint8Array.from(isWithin), [isWithin.length, 1, 1], { dtype: 'bool' });
  const shares = Float32Array.from(lengths, (length) => longest / length);
  const sums = means(where(mask, places, 0), ...axesOf(planes, windows));
  return sums.mul(tensor(shares, [shares.length, 1, 1]));
}

/** The windows' elements one after the other, all windows as long as the longest. */
function apart(planes: Tensor, { begins, lengths, longest }: Windows): Tensor {
  if (begins.length * longest === sizeOf(planes.shape, 1)) return planes;
  const places = begins.flatMap((begin, window) =>
    Array.from({ length: longest }, (_, i) => begin + Math.min(i, sizeOf(lengths, window) - 1)),
  );
  return gather(planes, tensor(Int32Array.from(places), [places.length]), 1);
}

function axesOf(planes: Tensor, { begins, longest }: Windows) {
  const count = begins.length;
  const across = sizeOf(planes.shape, 2);
  const down = { ...SINGLE, size: count * longest, window: longest, stride: longest, count };
  return [down, { ...SINGLE, size: across, count: across }] as const;
}
