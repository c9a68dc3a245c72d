import { requireNumber } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { type DistanceAttributes, distances } from '../../../kernels/distances/distances.ts';
import { product } from '../../../kernels/launch.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType } from '../../require-dtype.ts';
import { broadcastShapes, sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { zeros } from '../creation.ts';
import { concat } from '../joining.ts';
import { norm } from '../norms.ts';
import { expandTo, matrixTranspose, slice, unsqueeze } from '../views.ts';

/** About how many differences are held at once. */
const MOST_DIFFERENCES = 2 ** 22;

const distancesOp: Op<[x: Tensor, y: Tensor], DistanceAttributes> = {
  name: 'cdist',
  lowering: { kind: 'kernel', launch: distances },
  decompose: ({ inputs: [x, y], attributes: { power } }) =>
    inPlainOps(x, matrixTranspose(y), power),
};

/**
 * The distances of all pairs of a row of x [..., n, d] and one of y [..., m, d], (Σ|x − y|ᵖ)^(1/p), [..., n, m], f32:
 * PyTorch's `cdist`. p is 2 if left out, and may be Infinity; what goes before the last two axes are batches, which
 * broadcast. Differences are taken first, so that rows that lie close together far from 0 are as exact as others,
 * and a distance of 0 has the gradient 0. Where that is no concern, |x|² + |y|² − 2·x·yᵀ is a product of matrices.
 * @throws ShapeError where one has not two axes, batches do not broadcast, or rows differ in size.
 * @throws DTypeError where one is not f32.
 * @throws ArgumentError where p is not a number of 0 or more.
 */
export function cdist(x: AnyTensor, y: AnyTensor, p = 2): Tensor {
  requireDType('cdist', x, ['f32']);
  requireDType('cdist', y, ['f32']);
  if (p !== Number.POSITIVE_INFINITY) requireNumber('cdist', { p }, { from: 0 });
  if (x.rank < 2 || y.rank < 2 || x.shape.at(-1) !== y.shape.at(-1)) {
    throw new ShapeError(
      `cdist: needs rows of one size, [..., n, d] and [..., m, d], got [${x.shape}] and [${y.shape}].`,
    );
  }
  const batch = broadcastShapes('cdist', x.shape.slice(0, -2), y.shape.slice(0, -2));
  const [n, m] = [sizeOf(x.shape, -2), sizeOf(y.shape, -2)];
  const shape = [...batch, n, m];
  if (product(shape) === 0 || x.shape.at(-1) === 0) return zeros(shape);
  if (p !== 1 && p !== 2) return inPlainOps(x, y, p);
  const whole = (one: Tensor) => expandTo(one, [...batch, ...one.shape.slice(-2)]);
  const inputs = [whole(x), whole(matrixTranspose(y))] as const;
  return apply(distancesOp, [...inputs], { shape, dtype: 'f32' }, { power: p });
}

/** By all differences, of some of the rows of x at a time. */
function inPlainOps(x: Tensor, y: Tensor, p: number): Tensor {
  const before = x.shape.slice(0, -2);
  const n = sizeOf(x.shape, -2);
  const columns = unsqueeze(y, -3);
  const rows = Math.max(1, Math.floor((MOST_DIFFERENCES * n) / (x.size * sizeOf(y.shape, -2))));
  const parts = Array.from({ length: Math.ceil(n / rows) }, (_, i) => {
    const starts = [...before.map(() => 0), i * rows];
    const part = slice(x, starts, [...before.map(() => undefined), (i + 1) * rows]);
    return norm(unsqueeze(part, -2).sub(columns), p, -1);
  });
  return concat(parts, -2);
}
