import { requireFlag, requireOptions } from '../../../arguments.ts';
import {
  triangularSolve as launch,
  type TriangularAttributes,
} from '../../../kernels/linear-algebra/triangular-solve.ts';
import { apply, type Op } from '../../op.ts';
import type { Tensor } from '../../tensor.ts';
import { matMul } from '../linear.ts';
import { tril, triu } from '../rearranging/diagonals.ts';
import { matrixTranspose } from '../views.ts';
import { withColumns } from './matrices.ts';

const triangularSolveOp: Op<[a: Tensor, b: Tensor], TriangularAttributes> = {
  name: 'triangularSolve',
  lowering: { kind: 'kernel', launch },
  vjp: (g, { inputs: [a], output: x, attributes }) => {
    const { lower, transpose, unitDiagonal } = attributes;
    const gb = apply(triangularSolveOp, [a, g], g, { ...attributes, transpose: !transpose });
    const ga = (transpose ? matMul(x, matrixTranspose(gb)) : matMul(gb, matrixTranspose(x))).neg();
    const kept = Number(unitDiagonal);
    return [lower ? tril(ga, -kept) : triu(ga, kept), gb];
  },
};

export interface TriangularSolveOptions {
  /** Which triangle of `a` counts: the lower one, if left out, or the upper; the other is not read. */
  readonly lower?: boolean;
  /** Whether to solve aᵀ·x = b, false if left out. */
  readonly transpose?: boolean;
  /** Whether ones count as the diagonal, which is not read; false if left out. */
  readonly unitDiagonal?: boolean;
}

/**
 * The x with a·x = b for triangular matrices `a` [..., n, n]; b is [..., n, k], or a vector [n], and leading
 * axes broadcast. f32. Zeros on the diagonal give infinities and NaN.
 * @throws ShapeError where a is not square or b does not fit it.
 * @throws DTypeError where one is not f32.
 * @throws ArgumentError where an option is not known, or neither true nor false.
 */
export function triangularSolve(
  a: Tensor,
  b: Tensor,
  options: TriangularSolveOptions = {},
): Tensor {
  const op = 'triangularSolve';
  requireOptions(op, options, ['lower', 'transpose', 'unitDiagonal']);
  const { lower = true, transpose = false, unitDiagonal = false } = options;
  const attributes = { lower, transpose, unitDiagonal };
  for (const [name, flag] of Object.entries(attributes)) requireFlag(op, name, flag);
  return withColumns(op, a, b, (left, right) =>
    right.size === 0 ? right : apply(triangularSolveOp, [left, right], right, attributes),
  );
}
