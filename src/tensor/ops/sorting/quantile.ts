import { requireFlag, requireNumber } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { requireDType } from '../../require-dtype.ts';
import { normalizeAxis, sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { lerp } from '../elementwise/lerp.ts';
import { stack } from '../joining.ts';
import { reshape, slice, squeeze } from '../views.ts';
import { where } from '../where.ts';
import { sort } from './sort.ts';

/**
 * What a share `q` of the elements along an axis (of all, if it is left out) is below, f32: between two
 * elements in order it is interpolated. Several shares give one result each along a new first axis. A
 * line that has NaN in it gives NaN, as in PyTorch.
 * @throws DTypeError where `x` is not f32.
 * @throws ShapeError where there is no such axis, or it has no elements.
 * @throws ArgumentError where a share is not a number from 0 to 1, or there is none.
 */
export function quantile(
  x: AnyTensor,
  q: number | readonly number[],
  axis?: number,
  keepDims = false,
): Tensor {
  return quantileOf('quantile', x, q, axis, keepDims);
}

/**
 * The middle one of the elements along an axis (of all, if it is left out), f32; of an even number of them
 * the mean of the middle two, as in NumPy, where PyTorch gives the lower one. A line that has NaN in it
 * gives NaN.
 * @throws DTypeError where `x` is not f32.
 * @throws ShapeError where there is no such axis, or it has no elements.
 */
export function median(x: AnyTensor, axis?: number, keepDims = false): Tensor {
  return quantileOf('median', x, 0.5, axis, keepDims);
}

function quantileOf(
  op: string,
  x: AnyTensor,
  q: number | readonly number[],
  axis: number | undefined,
  keepDims: boolean,
): Tensor {
  requireDType(op, x, ['f32']);
  requireNumber(op, { q }, { from: 0, to: 1 });
  if (typeof q !== 'number' && q.length === 0) {
    throw new ArgumentError(`${op}: q [] must have a number in it.`);
  }
  requireFlag(op, 'keepDims', keepDims);
  const flat = axis === undefined ? reshape(x, [x.size]) : x;
  const at = normalizeAxis(op, axis ?? 0, flat.rank);
  const size = sizeOf(flat.shape, at);
  if (size === 0) throw new ShapeError(`${op}: axis ${at} of [${flat.shape}] has no elements.`);

  const sorted = sort(flat, { axis: at });
  const element = (k: number) =>
    slice(
      sorted,
      flat.shape.map((_, i) => (i === at ? k : 0)),
      flat.shape.map((length, i) => (i === at ? k + 1 : length)),
    );
  const one = (share: number) => {
    const rank = share * (size - 1);
    const lower = Math.floor(rank);
    const low = element(lower);
    const value = rank === lower ? low : lerp(low, element(lower + 1), rank - lower);
    // NaN is last in order.
    const last = element(size - 1);
    const marked = where(last.isNan(), last, value);
    if (axis === undefined) return reshape(marked, keepDims ? x.shape.map(() => 1) : []);
    return keepDims ? marked : squeeze(marked, at);
  };
  return typeof q === 'number' ? one(q) : stack(q.map(one));
}
