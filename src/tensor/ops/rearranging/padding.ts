import { requireChoice } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { requireTensor } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { concat } from '../joining.ts';
import { expandTo, flip, pad as padWith, requireWidths, slice, type Widths } from '../views.ts';

/**
 * What is beyond an edge: 'reflect' mirrors at the last element, which is not said twice, 'symmetric'
 * behind it, 'edge' repeats it, and 'wrap' goes on at the other end, as PyTorch's 'circular'.
 */
export type PadMode = 'reflect' | 'symmetric' | 'edge' | 'wrap';

/**
 * The tensor with something around it: for each axis how much before and after. A number is put there,
 * or, by its name, what the tensor has at its edges, as NumPy's `pad` does.
 * @throws ShapeError where a width is negative or there is another number of axes, or where more is to be
 * mirrored or wrapped than there is.
 * @throws DTypeError where the dtype cannot hold the value.
 */
export function pad<D extends DType>(
  x: Tensor<Shape, D>,
  padding: Widths,
  value: number | PadMode = 0,
): Tensor<Shape, D> {
  if (typeof value !== 'string') return padWith(x, padding, value);
  requireChoice('pad', { value }, ['reflect', 'symmetric', 'edge', 'wrap']);
  requireTensor('pad', x);
  requireWidths('pad', padding, x.shape);
  return padding.reduce((y, widths, axis) => padAxis(y, axis, widths, value), x);
}

function padAxis<D extends DType>(
  x: Tensor<Shape, D>,
  axis: number,
  [before, after]: readonly [number, number],
  mode: PadMode,
): Tensor<Shape, D> {
  if (before === 0 && after === 0) return x;
  const size = sizeOf(x.shape, axis);
  const there = mode === 'edge' ? (size > 0 ? Number.POSITIVE_INFINITY : 0) : size;
  const most = mode === 'reflect' ? size - 1 : there;
  if (Math.max(before, after) > most) {
    throw new ShapeError(
      `pad: axis ${axis} of [${x.shape}] has ${size} elements, so that '${mode}' gives at most ${Math.max(0, most)} on a side, not [${before}, ${after}].`,
    );
  }
  const part = (start: number, end: number) =>
    slice(
      x,
      x.shape.map((_, i) => (i === axis ? start : 0)),
      x.shape.map((n, i) => (i === axis ? end : n)),
    );
  const repeated = (at: number, times: number) =>
    expandTo(part(at, at + 1), x.shape.with(axis, times));
  const mirrored = (start: number, end: number) => flip(part(start, end), axis);
  const sides: Record<PadMode, () => [before: Tensor<Shape, D>, after: Tensor<Shape, D>]> = {
    reflect: () => [mirrored(1, 1 + before), mirrored(size - 1 - after, size - 1)],
    symmetric: () => [mirrored(0, before), mirrored(size - after, size)],
    edge: () => [repeated(0, before), repeated(size - 1, after)],
    wrap: () => [part(size - before, size), part(0, after)],
  };
  const [low, high] = sides[mode]();
  return concat([low, x, high], axis);
}
