import { requireWhole, shown } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { normalizeAxis, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { matMul } from '../linear.ts';
import { requireVector } from '../rearranging/repeating.ts';
import { reshape, transpose } from '../views.ts';

/**
 * All products of an element of a vector [n] and one of another [m], [n, m].
 * @throws ShapeError where one is no vector.
 * @throws DTypeError where their dtypes differ.
 */
export function outer<D extends DType>(a: Tensor<Shape, D>, b: Tensor<Shape, D>): Tensor<Shape, D> {
  requireVector('outer', a);
  requireVector('outer', b);
  return reshape(a, [a.size, 1]).mul(b);
}

/**
 * The products of each element of `a` with the whole of `b`, laid side by side: NumPy's and PyTorch's `kron`. Axis i
 * is as long as those of both multiplied, where the one of fewer axes gets leading ones.
 * @throws DTypeError where their dtypes differ.
 */
export function kron<D extends DType>(a: Tensor<Shape, D>, b: Tensor<Shape, D>): Tensor<Shape, D> {
  requireTensor('kron', a);
  requireTensor('kron', b);
  const rank = Math.max(a.rank, b.rank);
  const sizes = (x: Tensor<Shape, D>) => [...Array<number>(rank - x.rank).fill(1), ...x.shape];
  const [ofA, ofB] = [sizes(a), sizes(b)];
  const wide = reshape(
    a,
    ofA.flatMap((size) => [size, 1]),
  );
  const tiles = reshape(
    b,
    ofB.flatMap((size) => [1, size]),
  );
  return reshape(
    wide.mul(tiles),
    ofA.map((size, axis) => size * sizeOf(ofB, axis)),
  );
}

/**
 * The product of two vectors (a number), of a matrix and a vector, or of two matrices, f32.
 * @throws ShapeError where one has more than two axes, or inner sizes differ.
 * @throws DTypeError where one is not f32.
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  for (const x of [a, b]) {
    requireDType('dot', x, ['f32']);
    if (x.rank === 1 || x.rank === 2) continue;
    throw new ShapeError(`dot: takes vectors and matrices, got [${a.shape}] and [${b.shape}].`);
  }
  return contracted('dot', a, b, [a.rank - 1], [0]);
}

/**
 * The products of two tensors summed over pairs of axes: the last `axes` of a with the first of b, or
 * those that two lists name. The result has the other axes of a, then those of b, f32.
 * @throws ShapeError where the axes of a pair differ in size, or there are no such axes.
 * @throws DTypeError where one is not f32.
 * @throws ArgumentError where `axes` is neither a number of axes there are nor two lists.
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  axes: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor {
  for (const x of [a, b]) requireDType('tensordot', x, ['f32']);
  if (typeof axes !== 'number') {
    requireTwoLists(axes);
    return contracted('tensordot', a, b, ...axes);
  }
  requireWhole('tensordot', { axes }, { from: 0, to: Math.min(a.rank, b.rank) });
  const list = Array.from({ length: axes }, (_, i) => i);
  return contracted(
    'tensordot',
    a,
    b,
    list.map((i) => a.rank - axes + i),
    list,
  );
}

function requireTwoLists(axes: readonly (readonly number[])[]): void {
  if (Array.isArray(axes) && axes.length === 2 && axes.every(Array.isArray)) return;
  throw new ArgumentError(
    `tensordot: axes ${shown(axes)} must be how many, or a list of those of each, such as [[1], [0]].`,
  );
}

function contracted(
  op: string,
  a: Tensor,
  b: Tensor,
  axesOfA: readonly number[],
  axesOfB: readonly number[],
): Tensor {
  const [left, right] = [
    axesOfA.map((axis) => normalizeAxis(op, axis, a.rank)),
    axesOfB.map((axis) => normalizeAxis(op, axis, b.rank)),
  ];
  const sizes = left.map((axis) => sizeOf(a.shape, axis));
  if (
    left.length !== right.length ||
    new Set(left).size !== left.length ||
    new Set(right).size !== right.length ||
    right.some((axis, i) => b.shape[axis] !== sizes[i])
  ) {
    throw new ShapeError(
      `${op}: axes [${axesOfA}] of [${a.shape}] and [${axesOfB}] of [${b.shape}] must be as many, each once, and of equal sizes.`,
    );
  }
  const rows = a.shape.flatMap((_, axis) => (left.includes(axis) ? [] : [axis]));
  const columns = b.shape.flatMap((_, axis) => (right.includes(axis) ? [] : [axis]));
  const outside = [
    rows.map((axis) => sizeOf(a.shape, axis)),
    columns.map((axis) => sizeOf(b.shape, axis)),
  ] as const;
  const inner = product(sizes);
  const flatA = reshape(transpose(a, [...rows, ...left]), [product(outside[0]), inner]);
  const flatB = reshape(transpose(b, [...right, ...columns]), [inner, product(outside[1])]);
  return reshape(matMul(flatA, flatB), outside.flat());
}
