import { requireList, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { requireTensor } from '../../require-dtype.ts';
import { normalizeAxis } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { flip, transpose } from '../views.ts';

/**
 * Turned by a quarter in the plane of two axes, `times` times, from the first of them towards the second:
 * NumPy's and PyTorch's `rot90`. It copies nothing.
 * @throws ShapeError where the two axes are one, or there are no such axes.
 * @throws ArgumentError where `times` is not a whole number, or the axes are no list.
 */
export function rot90<D extends DType>(
  x: Tensor<Shape, D>,
  times = 1,
  axes: readonly [number, number] = [0, 1],
): Tensor<Shape, D> {
  requireTensor('rot90', x);
  requireWhole('rot90', { times });
  requireList('rot90', axes, 'two axes, such as [0, 1]');
  const [from, to] = [
    normalizeAxis('rot90', axes[0], x.rank),
    normalizeAxis('rot90', axes[1], x.rank),
  ];
  if (from === to) {
    throw new ShapeError(`rot90: axes [${axes}] of [${x.shape}] must be two.`);
  }
  const quarters = ((times % 4) + 4) % 4;
  if (quarters % 2 === 0) return quarters === 0 ? x : flip(x, [from, to]);
  const swapped = transpose(x, [...x.shape.keys()].with(from, to).with(to, from));
  return flip(swapped, quarters === 1 ? from : to);
}
