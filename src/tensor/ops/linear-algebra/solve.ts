import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { expandTo } from '../views.ts';
import { eye } from './eye.ts';
import { lu, solveBy } from './lu.ts';
import { requireSquare, withColumns } from './matrices.ts';

/**
 * The x with a·x = b for square matrices `a` [..., n, n], by Gaussian elimination with partial pivoting; b is
 * [..., n, k], or a vector [n], and leading axes broadcast. f32. A singular matrix gives infinities
 * and NaN.
 * @throws ShapeError where a is not square or b does not fit it.
 * @throws DTypeError where one is not f32.
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  return withColumns('solve', a, b, (left, right) =>
    right.size === 0 ? right : solveBy(lu(left), left, right),
  );
}

/**
 * The inverse of square matrices [..., n, n], f32. That of a singular one is infinite and NaN. To solve
 * equations, {@link solve} is faster and more exact.
 * @throws ShapeError where the last two axes are not there or differ.
 * @throws DTypeError where a is not f32.
 */
export function inverse<S extends Shape>(a: Tensor<S>): Tensor<S> {
  requireSquare('inverse', a);
  return solve(a, expandTo(eye(sizeOf(a.shape, -1)), a.shape)) as Tensor<S>;
}
