import { requireFlag, requireNumber, requireOptions } from '../../arguments.ts';
import { DTypeError, ShapeError } from '../../errors.ts';
import type { Application } from '../../graph/operation.ts';
import { type DType, MAX_F32 } from '../../kernels/dtype.ts';
import { product } from '../../kernels/launch.ts';
import { OnDemand } from '../../kernels/on-demand.ts';
import { readsHalves } from '../../kernels/reduce/pass.ts';
import { apply, type Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { normalizeAxes, normalizeAxis, sizeOf } from '../shape.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { full, positions, zeros } from './creation.ts';
import { stopGradient } from './stop-gradient.ts';
import { expandTo, reshape, transpose } from './views.ts';
import { where } from './where.ts';

type ReduceName = 'sum' | 'prod' | 'max' | 'min';

/** A reduction over neighbouring axes, seen as the middle one of three. */
type Reduction<Name> = Readonly<{ reduce: Name; outer: number; size: number; inner: number }>;

const reducing = new OnDemand(() => import('../../kernels/reduce/reduce.ts'));
const searching = new OnDemand(() => import('../../kernels/reduce/arg-reduce.ts'));

const reduceOp: Op<[x: AnyTensor], Reduction<ReduceName>> = {
  name: 'reduce',
  lowering: {
    kind: 'kernel',
    needs: () => reducing,
    launch: (context) => reducing.get().reduce(context),
    takesEpilogue: true,
    readsHalves: (_input, _inputs, attributes) => readsHalves(attributes),
  },
  vjp: (g, { inputs: [x], output, attributes: { reduce: name, outer, size, inner } }) => {
    requireDType(name, x, ['f32']);
    const spread = <D extends DType>(y: Tensor<Shape, D>) =>
      reshape(expandTo(reshape(y, [outer, 1, inner]), [outer, size, inner]), x.shape);
    if (name === 'sum') return [spread(g)];
    if (name === 'prod')
      return [spread(g).mul(reshape(productOfOthers(x, [outer, size, inner]), x.shape))];
    // Equal extremes share the gradient, so that its sum is kept; a NaN is one.
    const hits = x.equal(spread(output)).logicalOr(x.isNan());
    const count = reduceAxes('sum', reshape(hits.cast('f32'), [outer, size, inner]), [1], true);
    return [where(hits, spread(g.div(reshape(count, g.shape))), zeros(x.shape))];
  },
};

/** Whether a node is the sum of `x` over all axes but the last, of so many columns. */
export function isColumnSum(
  { op, inputs, attributes }: Application,
  x: unknown,
  columns: number | undefined,
): boolean {
  const { reduce, outer, inner } = attributes;
  const isSum = op === reduceOp && reduce === 'sum';
  return isSum && inputs[0] === x && outer === 1 && inner === columns;
}

const argReduceOp: Op<[x: AnyTensor], Reduction<'argMax' | 'argMin'>> = {
  name: 'argReduce',
  lowering: {
    kind: 'kernel',
    needs: () => searching,
    launch: (context) => searching.get().argReduce(context),
  },
};

/** For each element of x [outer, size, inner] the product of the others along the middle axis, f32. */
function productOfOthers(x: Tensor, [outer, size, inner]: readonly [number, number, number]) {
  const wide = expandTo(reshape(x, [outer, 1, size, inner]), [outer, size, size, inner]);
  const self = positions([size, 1, 1], 'i32').equal(positions([size, 1], 'i32'));
  const others = where(expandTo(self, wide.shape), full(wide.shape, 1), wide);
  return reduceAxes('prod', others, [2], false);
}

/**
 * Reduces over any axes. Neighbouring axes go in one kernel; axes that are apart are reduced one
 * group after the other.
 */
function reduceAxes<D extends DType>(
  name: ReduceName,
  x: Tensor<Shape, D>,
  axes: readonly number[],
  keepDims: boolean,
): Tensor<Shape, D> {
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  if (x.size === 0) return emptyReduction(name, x, shape);
  let y = x;
  let end = x.rank;
  while (end > 0) {
    let start = end - 1;
    if (axes.includes(start)) {
      while (start > 0 && axes.includes(start - 1)) start--;
      y = reduceMiddle(name, y, start, end);
    }
    end = start;
  }
  return reshape(y, shape);
}

/** Reduces axes that are brought together for it, in one kernel. */
function reduceTogether<D extends DType>(
  name: ReduceName,
  x: Tensor<Shape, D>,
  axes: readonly number[],
  keepDims: boolean,
): Tensor<Shape, D> {
  const rest = x.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
  const last = axes.map((_, i) => rest.length + i);
  const found = reduceAxes(name, transpose(x, [...rest, ...axes]), last, false);
  return keepDims
    ? reshape(
        found,
        x.shape.map((size, i) => (axes.includes(i) ? 1 : size)),
      )
    : found;
}

/** Whether an axis lies between those to reduce. */
function areApart(shape: readonly number[], axes: readonly number[]): boolean {
  const wide = axes.filter((axis) => sizeOf(shape, axis) > 1);
  const [first, last] = [Math.min(...wide), Math.max(...wide)];
  return shape.some((_, axis) => axis > first && axis < last && !axes.includes(axis));
}

/** Reduces the axes from `start` to before `end` to size 1 each. */
function reduceMiddle<D extends DType>(
  name: ReduceName,
  x: Tensor<Shape, D>,
  start: number,
  end: number,
): Tensor<Shape, D> {
  const attributes = { reduce: name, ...middle(x.shape, start, end) };
  const shape = x.shape.map((size, i) => (i >= start && i < end ? 1 : size));
  if (attributes.size === 1) return x;
  return apply(reduceOp, [x], { shape, dtype: x.dtype }, attributes);
}

function middle(shape: readonly number[], start: number, end: number) {
  return {
    outer: product(shape.slice(0, start)),
    size: product(shape.slice(start, end)),
    inner: product(shape.slice(end)),
  };
}

function emptyReduction<D extends DType>(
  name: ReduceName,
  x: Tensor<Shape, D>,
  shape: readonly number[],
): Tensor<Shape, D> {
  if (product(shape) > 0 && (name === 'max' || name === 'min')) {
    throw new ShapeError(
      `${name}: the shape [${x.shape}] has no elements, so there is no ${name} of them.`,
    );
  }
  return full(shape, name === 'prod' ? 1 : 0, { dtype: x.dtype });
}

/**
 * sum, prod, max or min over axes given by a user; those of f16 are computed in f32, and rounded.
 * @throws ShapeError where there is no such axis, or no element to take an extreme of.
 * @throws DTypeError where x is bool or u8.
 */
export function reduceBy<D extends DType>(
  name: ReduceName,
  x: Tensor<Shape, D>,
  axes: number | readonly number[] | undefined,
  keepDims = false,
): Tensor<Shape, D> {
  requireFlag(name, 'keepDims', keepDims);
  requireNumbers(name, x);
  if (x.dtype === 'f16') return cast(reduceBy(name, cast(x, 'f32'), axes, keepDims), x.dtype);
  const list = normalizeAxes(name, axes, x.rank);
  // Equal extremes share the gradient evenly; reduced in groups, they would share it by groups.
  const isShared = (name === 'max' || name === 'min') && x.dtype === 'f32' && x.size > 0;
  const reduced = isShared && areApart(x.shape, list) ? reduceTogether : reduceAxes;
  return reduced(name, x, list, keepDims);
}

function requireNumbers(name: string, { dtype, shape }: AnyTensor): void {
  if (dtype !== 'bool' && dtype !== 'u8') return;
  throw new DTypeError(
    `${name} takes f32, f16, i32 or u32, got ${dtype}[${shape}]. Use cast('i32') first.`,
  );
}

/**
 * Whether any (`max`) or all (`min`) elements are true.
 * @throws DTypeError where x is not bool.
 */
export function reduceBool(
  name: 'any' | 'all',
  x: AnyTensor,
  axes: number | readonly number[] | undefined,
  keepDims = false,
): Tensor<Shape, 'bool'> {
  requireFlag(name, 'keepDims', keepDims);
  if (!isBool(x)) {
    throw new DTypeError(
      `${name} takes bool, got ${x.dtype}[${x.shape}]. Compare first, as in x.notEqual(0).`,
    );
  }
  const list = normalizeAxes(name, axes, x.rank);
  if (x.size === 0) {
    const shape = x.shape.flatMap((size, i) => (list.includes(i) ? (keepDims ? [1] : []) : [size]));
    return full(shape, name === 'all' ? 1 : 0, { dtype: 'bool' });
  }
  return reduceAxes(name === 'any' ? 'max' : 'min', x, list, keepDims);
}

function isBool(x: AnyTensor): x is Tensor<Shape, 'bool'> {
  return x.dtype === 'bool';
}

/**
 * The arithmetic mean over axes, f32.
 * @throws DTypeError where x is not f32.
 */
export function mean(x: AnyTensor, axes?: number | readonly number[], keepDims = false): Tensor {
  requireFlag('mean', 'keepDims', keepDims);
  requireDType('mean', x, ['f32']);
  const list = normalizeAxes('mean', axes, x.rank);
  const count = product(list.map((axis) => sizeOf(x.shape, axis)));
  return reduceBy('sum', x, list, keepDims).div(count);
}

/**
 * The mean squared distance from the mean; `correction` 1 divides by n − 1 instead of n.
 * @throws DTypeError where x is not f32.
 */
export function variance(
  x: AnyTensor,
  axes?: number | readonly number[],
  options: { keepDims?: boolean; correction?: number } = {},
): Tensor {
  requireOptions('variance', options, ['keepDims', 'correction']);
  const { keepDims = false, correction = 0 } = options;
  requireFlag('variance', 'keepDims', keepDims);
  requireNumber('variance', { correction });
  requireDType('variance', x, ['f32']);
  const list = normalizeAxes('variance', axes, x.rank);
  const count = product(list.map((axis) => sizeOf(x.shape, axis)));
  const squares = x.sub(mean(x, list, true)).square();
  return reduceBy('sum', squares, list, keepDims).div(Math.max(0, count - correction));
}

/**
 * log Σ eˣ over axes, without overflow; −∞ where there are no elements.
 * @throws DTypeError where x is not f32.
 */
export function logSumExp(
  x: AnyTensor,
  axes?: number | readonly number[],
  keepDims = false,
): Tensor {
  requireFlag('logSumExp', 'keepDims', keepDims);
  requireDType('logSumExp', x, ['f32']);
  const list = normalizeAxes('logSumExp', axes, x.rank);
  const kept = x.shape.map((size, i) => (list.includes(i) ? 1 : size));
  const shape = keepDims ? kept : x.shape.filter((_, i) => !list.includes(i));
  if (x.size === 0) return full(shape, Number.NEGATIVE_INFINITY);
  const top = stopGradient(reduceAxes('max', x, list, true));
  // Infinite maxima are left out of the subtraction: ∞ − ∞ is no number.
  const finite = where(top.abs().lessEqual(MAX_F32), top, zeros(top.shape));
  return reshape(reduceBy('sum', x.sub(finite).exp(), list, true).log().add(finite), shape);
}

/**
 * The place of the largest or smallest element along an axis (the first one where several are), i32.
 * @throws ShapeError where there is no such axis, or it has no elements.
 * @throws DTypeError where x is bool or u8.
 */
export function argExtreme(
  name: 'argMax' | 'argMin',
  x: AnyTensor,
  axis: number | undefined,
  keepDims = false,
): Tensor<Shape, 'i32'> {
  requireFlag(name, 'keepDims', keepDims);
  requireNumbers(name, x);
  if (x.dtype === 'f16') return argExtreme(name, cast(x, 'f32'), axis, keepDims);
  const flat = axis === undefined ? reshape(x, [x.size]) : x;
  const at = normalizeAxis(name, axis ?? 0, flat.rank);
  if (flat.shape[at] === 0)
    throw new ShapeError(`${name}: axis ${at} of [${x.shape}] has no elements.`);
  const kept = flat.shape.map((size, i) => (i === at ? 1 : size));
  const result = apply(
    argReduceOp,
    [flat],
    { shape: kept, dtype: 'i32' },
    { reduce: name, ...middle(flat.shape, at, at + 1) },
  );
  if (axis === undefined) return reshape(result, keepDims ? x.shape.map(() => 1) : []);
  return keepDims
    ? result
    : reshape(
        result,
        kept.filter((_, i) => i !== at),
      );
}
