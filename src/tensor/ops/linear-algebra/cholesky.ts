import { cholesky as launch } from '../../../kernels/linear-algebra/factors.ts';
import { apply, type Op } from '../../op.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { matMul } from '../linear.ts';
import { tril } from '../rearranging/diagonals.ts';
import { matrixTranspose } from '../views.ts';
import { requireSquare } from './matrices.ts';
import { triangularSolve } from './triangular-solve.ts';

const choleskyOp: Op<[a: Tensor]> = {
  name: 'cholesky',
  lowering: { kind: 'kernel', launch },
  vjp: (g, { output: l }) => {
    const whole = tril(matMul(matrixTranspose(l), tril(g)));
    const half = whole.add(tril(whole, -1)).mul(0.5);
    const left = triangularSolve(l, half, { transpose: true });
    const both = triangularSolve(l, matrixTranspose(left), { transpose: true });
    return [both.add(matrixTranspose(both)).mul(0.5)];
  },
};

/**
 * The lower triangular L with L·Lᵀ = a for symmetric positive definite matrices [..., n, n], f32. Only the
 * lower triangle of `a` is read. Of a matrix that is not positive definite, L is NaN from the column on
 * in which that shows. The gradient is symmetric (I. Murray, Differentiation of the Cholesky
 * decomposition, 2016).
 * @throws ShapeError where the last two axes are not there or differ.
 * @throws DTypeError where a is not f32.
 */
export function cholesky<S extends Shape>(a: Tensor<S>): Tensor<S> {
  requireSquare('cholesky', a);
  return a.size === 0 ? a : apply(choleskyOp, [a], a);
}
