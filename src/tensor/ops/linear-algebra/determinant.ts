import { apply, type Op } from '../../op.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { full } from '../creation.ts';
import { diagonal } from '../rearranging/diagonals.ts';
import { expandTo, reshape, squeeze } from '../views.ts';
import { eye } from './eye.ts';
import { type Factors, lu, solveBy } from './lu.ts';
import { requireSquare } from './matrices.ts';

type OfFactors = Op<[value: Tensor, factors: Tensor, order: Tensor, a: Tensor]>;

/** The value is there already: what it is made of is there for the gradient. */
const determinantOp: OfFactors = {
  name: 'determinant',
  lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
  vjp: (g, { inputs: [, factors, order, a], output }) => [
    undefined,
    undefined,
    undefined,
    inverseTransposed({ factors, order }, a).mul(ofMatrices(g.mul(output))),
  ],
};

const logDeterminantOp: OfFactors = {
  name: 'logDeterminant',
  lowering: determinantOp.lowering,
  vjp: (g, { inputs: [, factors, order, a] }) => [
    undefined,
    undefined,
    undefined,
    inverseTransposed({ factors, order }, a).mul(ofMatrices(g)),
  ],
};

function inverseTransposed(by: Pick<Factors, 'factors' | 'order'>, a: Tensor): Tensor {
  return solveBy(by, a, expandTo(eye(sizeOf(a.shape, -1)), a.shape), true);
}

/** A number for each matrix, [..., 1, 1]. */
function ofMatrices(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1, 1]);
}

/** What each matrix's factors multiply, n numbers in a row, and the sign of their order. */
function pivotsOf({ factors, exchanges }: Factors): { pivots: Tensor; sign: Tensor } {
  return { pivots: diagonal(factors), sign: squeeze(exchanges, [-1]).prod(-1) };
}

/**
 * The determinants of square matrices [..., n, n], f32 in the shape of the leading axes: 0 for singular ones,
 * whose gradient is NaN; 1 for those of size 0. That of many rows easily exceeds f32:
 * {@link logDeterminant} does not.
 * @throws ShapeError where the last two axes are not there or differ.
 * @throws DTypeError where a is not f32.
 */
export function determinant(a: Tensor): Tensor {
  requireSquare('determinant', a);
  if (a.size === 0) return full(a.shape.slice(0, -2), 1);
  const all = lu(a);
  const { pivots, sign } = pivotsOf(all);
  const value = pivots.prod(-1).mul(sign);
  return apply(determinantOp, [value, all.factors, all.order, a], value);
}

/** A determinant as a sign and the logarithm of its size. */
export interface LogDeterminant {
  /** 1, −1, or 0 where the matrix is singular. */
  readonly sign: Tensor;
  /** −∞ where the matrix is singular. */
  readonly logAbs: Tensor;
}

/**
 * The signs of determinants of square matrices [..., n, n], and the logarithms of their sizes, both f32 in the
 * shape of the leading axes: NumPy's and PyTorch's `slogdet`. Gradients go through the logarithm.
 * @throws ShapeError where the last two axes are not there or differ.
 * @throws DTypeError where a is not f32.
 */
export function logDeterminant(a: Tensor): LogDeterminant {
  requireSquare('logDeterminant', a);
  const batch = a.shape.slice(0, -2);
  if (a.size === 0) return { sign: full(batch, 1), logAbs: full(batch, 0) };
  const all = lu(a);
  const { pivots, sign } = pivotsOf(all);
  const logAbs = pivots.abs().log().sum(-1);
  return {
    sign: pivots.sign().prod(-1).mul(sign),
    logAbs: apply(logDeterminantOp, [logAbs, all.factors, all.order, a], logAbs),
  };
}
