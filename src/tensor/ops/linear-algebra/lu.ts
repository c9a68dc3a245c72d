import { lu as launch } from '../../../kernels/linear-algebra/factors.ts';
import { apply, type Op } from '../../op.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { takeAlongAxis } from '../indexing/along-axis.ts';
import { split } from '../joining.ts';
import { matMul } from '../linear.ts';
import { argSort } from '../sorting/sort.ts';
import { matrixTranspose } from '../views.ts';
import { triangularSolve } from './triangular-solve.ts';

/** Without a gradient of its own: what is made of it has one. */
const luOp: Op<[a: Tensor]> = { name: 'lu', lowering: { kind: 'kernel', launch } };

/** L and U of matrices whose rows are in another order. */
export interface Factors {
  /** U, and below its diagonal L, whose own is ones: [..., n, n]. */
  readonly factors: Tensor;
  /** The row of the matrix that each row of the factors is of, f32 [..., n, 1]. */
  readonly order: Tensor;
  /** −1 for each exchange of two rows, else 1: [..., n, 1]. */
  readonly exchanges: Tensor;
}

/** Factors of square matrices that are not empty, by Gaussian elimination with partial pivoting. */
export function lu(a: Tensor): Factors {
  const n = sizeOf(a.shape, -1);
  const all = apply(luOp, [a], { shape: a.shape.with(-1, n + 2), dtype: 'f32' });
  const [factors, order, exchanges] = split(all, [n, 1, 1], -1);
  return { factors, order, exchanges } as Factors;
}

type Direction = Readonly<{ transposed: boolean }>;

/** Its value is there already: the other inputs are there for the gradients they get. */
const solveOp: Op<
  [value: Tensor, factors: Tensor, order: Tensor, a: Tensor, b: Tensor],
  Direction
> = {
  name: 'solve',
  lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
  vjp: (g, { inputs: [, factors, order, a], output: x, attributes: { transposed } }) => {
    const gb = solveBy({ factors, order }, a, g, !transposed);
    const ga = transposed ? matMul(x, matrixTranspose(gb)) : matMul(gb, matrixTranspose(x));
    return [undefined, undefined, undefined, ga.neg(), gb];
  },
};

/** The x with a·x = b, or aᵀ·x = b, given the factors of a. */
export function solveBy(
  { factors, order }: Pick<Factors, 'factors' | 'order'>,
  a: Tensor,
  b: Tensor,
  transposed = false,
): Tensor {
  const by = (x: Tensor, lower: boolean) =>
    triangularSolve(factors, x, { lower, unitDiagonal: lower, transpose: transposed });
  const rows = cast(order, 'i32');
  const value = transposed
    ? takeAlongAxis(by(by(b, false), true), argSort(rows, { axis: -2 }), -2)
    : by(by(takeAlongAxis(b, rows, -2), true), false);
  return apply(solveOp, [value, factors, order, a, b], value, { transposed });
}
