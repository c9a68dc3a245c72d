import { ShapeError } from '../../../errors.ts';
import { requireDType } from '../../require-dtype.ts';
import { broadcastShapes, sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { expandTo, reshape } from '../views.ts';

/**
 * @throws DTypeError where a is not f32.
 * @throws ShapeError where its last two axes are not there or differ.
 */
export function requireSquare(op: string, a: Tensor): void {
  requireDType(op, a, ['f32']);
  if (a.rank >= 2 && a.shape.at(-1) === a.shape.at(-2)) return;
  throw new ShapeError(`${op}: takes square matrices [..., n, n], got [${a.shape}].`);
}

/**
 * Hands square matrices and right-hand sides over with leading axes that are alike; a vector is one column.
 * @throws DTypeError where one is not f32.
 * @throws ShapeError where they do not fit.
 */
export function withColumns(
  op: string,
  a: Tensor,
  b: Tensor,
  solve: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  requireSquare(op, a);
  requireDType(op, b, ['f32']);
  const n = sizeOf(a.shape, -1);
  const columns = b.rank === 1 ? reshape(b, [b.size, 1]) : b;
  if (columns.rank < 2 || columns.shape.at(-2) !== n) {
    throw new ShapeError(
      `${op}: [${a.shape}] takes right-hand sides [..., ${n}, k] or a vector [${n}], got [${b.shape}].`,
    );
  }
  const batch = broadcastShapes(op, a.shape.slice(0, -2), columns.shape.slice(0, -2));
  const x = solve(
    expandTo(a, [...batch, n, n]),
    expandTo(columns, [...batch, n, sizeOf(columns.shape, -1)]),
  );
  return b.rank === 1 ? reshape(x, [...batch, n]) : x;
}
