import { requireFlag, requireOptions } from '../../../arguments.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { full, positions, zeros } from '../creation.ts';
import { where } from '../where.ts';
import { fourSizes, type WindowedAxis } from '../window.ts';
import { maxima } from './planes.ts';
import { POOL_OPTIONS, poolAxes, requireImages } from './pool-axes.ts';
import type { Pool2dOptions } from './pool2d.ts';
import { overhang } from './side-by-side.ts';
import { type WindowView, windowViews } from './window-views.ts';

export interface MaxPoolWithArgmaxOptions extends Omit<Pool2dOptions, 'window'> {
  /** Whether places count from the first image of the batch rather than each from its own. Default false. */
  readonly includeBatchInIndex?: boolean;
}

/** Maxima of windows, and where they lie. */
export interface MaxPoolWithArgmax {
  /** [N, H', W', C], f32. */
  readonly result: Tensor;
  /** [N, H', W', C], i32: (y · W + x) · C + c of the first maximum, or the first NaN, of a window. */
  readonly indexes: Tensor<Shape, 'i32'>;
}

/**
 * The largest element of each window, as `maxPool2d` has it, and its place among those of the image:
 * x [N, H, W, C].
 * @throws ShapeError where x has not four axes or no window fits.
 * @throws DTypeError where x is not f32.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function maxPoolWithArgmax(
  x: AnyTensor,
  options: MaxPoolWithArgmaxOptions = {},
): MaxPoolWithArgmax {
  const op = 'maxPoolWithArgmax';
  requireOptions(op, options, [...POOL_OPTIONS, 'includeBatchInIndex']);
  requireImages(op, 2, x);
  const { filterSize = 2, includeBatchInIndex = false, ...windows } = options;
  requireFlag(op, 'includeBatchInIndex', includeBatchInIndex);
  const [n, h, w, c] = fourSizes(x);
  const [rows, columns] = poolAxes(op, [h, w], filterSize, windows);
  const result = maxima(x, rows, columns);
  const { shape } = result;
  if (result.size === 0) return { result, indexes: zeros(shape, { dtype: 'i32' }) };
  const seen = (image: Tensor) => {
    const [down, across] = [withOverhang(rows), withOverhang(columns)];
    return windowViews(image, down, across, 0);
  };
  const inside = seen(full([1, h, w, 1], 1));
  const maximumAt = ({ view }: WindowView, i: number) => {
    const isMaximum = view.equal(result).logicalOr(view.isNan());
    return inside[i] ? isMaximum.logicalAnd(inside[i].view.greater(0)) : isMaximum;
  };
  // From a window's begin to the first of its elements that is its maximum.
  const steps = seen(x).reduceRight<Tensor<Shape, 'i32'>>(
    (later, one, i) => {
      const [ky, kx] = one.place;
      const step = (ky * rows.dilation * w + kx * columns.dilation) * c;
      return where(maximumAt(one, i), step, later);
    },
    zeros(shape, { dtype: 'i32' }),
  );
  const y = positions([rows.count, 1, 1], 'i32').mul(rows.stride).sub(rows.before);
  const left = positions([columns.count, 1], 'i32').mul(columns.stride).sub(columns.before);
  const begin = y
    .mul(w)
    .add(left)
    .mul(c)
    .add(positions([c], 'i32'));
  const image = positions([n, 1, 1, 1], 'i32').mul(includeBatchInIndex ? h * w * c : 0);
  return { result, indexes: steps.add(begin).add(image) };
}

/** Padded as far as the last window reaches. */
function withOverhang(axis: WindowedAxis): WindowedAxis {
  return { ...axis, after: overhang(axis) };
}
