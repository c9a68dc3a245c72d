import { requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { apply, type Op } from '../../op.ts';
import { requireTensor } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { positions } from '../creation.ts';
import { expandTo, pad, reshape, transpose } from '../views.ts';
import { where } from '../where.ts';

/** Where a diagonal of the last two axes begins. */
type Corner = Readonly<{ row: number; column: number }>;

/** One axis of the result walks along two of the operand: no copy. */
const diagonalOp: Op<[x: AnyTensor], Corner> = {
  name: 'diagonal',
  lowering: {
    kind: 'view',
    map: ({ row, column }, input) => ({
      kind: 'axes',
      axes: input.map((_, axis) => {
        if (axis < input.length - 2) return { axis, step: 1, start: 0 };
        const start = axis === input.length - 2 ? row : column;
        return { axis: input.length - 2, step: 1, start };
      }),
    }),
  },
  vjp: (g, { inputs: [x], attributes }) => [onDiagonal(g, attributes, x.shape)],
};

function cornerOf(offset: number): Corner {
  return { row: Math.max(0, -offset), column: Math.max(0, offset) };
}

/** A matrix of zeros with `values` [..., n] on the diagonal from a corner on. */
function onDiagonal<D extends DType>(
  values: Tensor<Shape, D>,
  { row, column }: Corner,
  shape: Shape,
): Tensor<Shape, D> {
  const size = sizeOf(values.shape, -1);
  const wide = expandTo(reshape(values, values.shape.toSpliced(-1, 0, 1)), [...values.shape, size]);
  const square = where(band(size, size, 0, 'equal'), wide, 0);
  const around = [
    [row, sizeOf(shape, -2) - row - size],
    [column, sizeOf(shape, -1) - column - size],
  ] as const;
  return pad(square, [...values.shape.slice(1).map(() => [0, 0] as const), ...around]);
}

/** Whether column − row is equal to `offset`, at most, or at least, bool [rows, columns]. */
function band(
  rows: number,
  columns: number,
  offset: number,
  comparison: 'equal' | 'lessEqual' | 'greaterEqual',
): Tensor<Shape, 'bool'> {
  const row: Tensor<Shape, 'i32'> = positions([rows, 1], 'i32');
  const column: Tensor<Shape, 'i32'> = positions([columns], 'i32');
  return column.sub(row)[comparison](offset);
}

function requireMatrix(op: string, x: AnyTensor, offset: number): void {
  requireTensor(op, x);
  requireWhole(op, { offset });
  if (x.rank >= 2) return;
  throw new ShapeError(`${op}: needs two or more axes, got [${x.shape}].`);
}

/**
 * The elements of matrices [..., m, n] on a diagonal, [..., length]: the main one, or that `offset`
 * columns to the right of it. It copies nothing.
 * @throws ShapeError where x has fewer than two axes.
 */
export function diagonal<D extends DType>(x: Tensor<Shape, D>, offset = 0): Tensor<Shape, D> {
  return diagonalIn('diagonal', x, offset);
}

function diagonalIn<D extends DType>(op: string, x: Tensor<Shape, D>, offset: number) {
  requireMatrix(op, x, offset);
  const corner = cornerOf(offset);
  const left = sizeOf(x.shape, -2) - corner.row;
  const length = Math.max(0, Math.min(left, sizeOf(x.shape, -1) - corner.column));
  const shape = [...x.shape.slice(0, -2), length];
  return apply(diagonalOp, [x], { shape, dtype: x.dtype }, corner);
}

/** The elements that lie at equal places of two axes, which become one at the end: for `einsum`. */
export function diagonalOf<D extends DType>(x: Tensor<Shape, D>, a: number, b: number) {
  const rest = x.shape.flatMap((_, axis) => (axis === a || axis === b ? [] : [axis]));
  return diagonal(transpose(x, [...rest, a, b]));
}

/**
 * Of a vector [n] the matrix with it on a diagonal and zeros elsewhere, of a matrix that diagonal.
 * @throws ShapeError where x has neither one nor two axes.
 */
export function diag<D extends DType>(x: Tensor<Shape, D>, offset = 0): Tensor<Shape, D> {
  requireTensor('diag', x);
  requireWhole('diag', { offset });
  if (x.rank === 2) return diagonal(x, offset);
  if (x.rank !== 1) {
    throw new ShapeError(
      `diag: takes a vector or a matrix, got [${x.shape}]. Use diagonal for those of many matrices.`,
    );
  }
  const size = x.size + Math.abs(offset);
  return onDiagonal(x, cornerOf(offset), [size, size]);
}

/**
 * The sum of a diagonal of matrices [..., m, n].
 * @throws ShapeError where x has fewer than two axes.
 */
export function trace<D extends DType>(x: Tensor<Shape, D>, offset = 0): Tensor<Shape, D> {
  return diagonalIn('trace', x, offset).sum(-1);
}

/**
 * Matrices [..., m, n] with zeros above the diagonal `offset` columns to the right of the main one.
 * @throws ShapeError where x has fewer than two axes.
 */
export function tril<D extends DType>(x: Tensor<Shape, D>, offset = 0): Tensor<Shape, D> {
  return triangle('tril', x, offset, 'lessEqual');
}

/**
 * Matrices [..., m, n] with zeros below the diagonal `offset` columns to the right of the main one.
 * @throws ShapeError where x has fewer than two axes.
 */
export function triu<D extends DType>(x: Tensor<Shape, D>, offset = 0): Tensor<Shape, D> {
  return triangle('triu', x, offset, 'greaterEqual');
}

function triangle<D extends DType>(
  op: string,
  x: Tensor<Shape, D>,
  offset: number,
  kept: 'lessEqual' | 'greaterEqual',
): Tensor<Shape, D> {
  requireMatrix(op, x, offset);
  return where(band(sizeOf(x.shape, -2), sizeOf(x.shape, -1), offset, kept), x, 0);
}
