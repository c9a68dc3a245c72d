import { requireWhole } from '../../../arguments.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { requireDType } from '../../require-dtype.ts';
import { normalizeAxis } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { NUMBERS } from '../elementwise/unary-op.ts';
import { slice } from '../views.ts';

/**
 * Each element along an axis less the one before it, `n` times over: as many elements fewer, in the dtype of
 * `x`. NumPy's and PyTorch's `diff`.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is bool or u8.
 * @throws ArgumentError where `n` is not a whole number of 0 or more.
 */
export function diff<D extends DType>(x: Tensor<Shape, D>, n = 1, axis = -1): Tensor<Shape, D> {
  requireDType('diff', x, NUMBERS);
  requireWhole('diff', { n }, { from: 0 });
  const at = normalizeAxis('diff', axis, x.rank);
  const before = new Array<undefined>(at).fill(undefined);
  let y: Tensor<Shape, D> = x;
  for (let i = 0; i < n && y.size > 0; i++) {
    y = slice(y, [...before.map(() => 0), 1]).sub(slice(y, [], [...before, -1]));
  }
  return y;
}
