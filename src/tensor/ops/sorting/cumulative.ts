import { requireFlag, requireOptions } from '../../../arguments.ts';
import { type DType, MAX_F32 } from '../../../kernels/dtype.ts';
import { scan as launchScan, type ScanAttributes } from '../../../kernels/scan/scan.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType } from '../../require-dtype.ts';
import { normalizeAxis } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { positions } from '../creation.ts';
import { scatterAlongAxis } from '../indexing/along-axis.ts';
import { around } from '../indexing/gather.ts';
import { flip, pad, reshape, slice } from '../views.ts';
import { where } from '../where.ts';

type ScanOp = Op<[x: AnyTensor], ScanAttributes>;

const lowering = { kind: 'kernel', launch: launchScan } as const;

const cumSumOp: ScanOp = {
  name: 'cumSum',
  lowering,
  vjp: (g, { attributes }) => [
    apply(cumSumOp, [g], g, { ...attributes, reverse: !attributes.reverse }),
  ],
};

// The gradients of the next two are those of joining ever more neighbours, which never divides: a product
// may be 0, and eˣ may be lost beside what comes later.
const cumProdOp: ScanOp = {
  name: 'cumProd',
  lowering,
  decompose: ({ inputs: [x], attributes }) => {
    requireDType('cumProd', x, ['f32']);
    return joinedByDoubling(x, attributes, 1, (y, before) => y.mul(before));
  },
};

const logCumSumExpOp: ScanOp = {
  name: 'logCumSumExp',
  lowering,
  decompose: ({ inputs: [x], attributes }) => {
    requireDType('logCumSumExp', x, ['f32']);
    // e^-3e38 is 0 as well, and has a slope, 0, where that between two −∞ would be NaN.
    const finite = x.maximum(-MAX_F32);
    return joinedByDoubling(finite, attributes, -MAX_F32, (y, before) => y.logAddExp(before));
  },
};

/** A gradient goes to the element that an extreme is from. */
const extremeOp = (name: 'cumMax' | 'cumMin', nothing: number): ScanOp => ({
  name,
  lowering,
  decompose: ({ inputs: [x], attributes }) => {
    requireDType(name, x, ['f32']);
    const join = name === 'cumMax' ? 'maximum' : 'minimum';
    return joinedByDoubling(x, attributes, nothing, (y, before) => y[join](before));
  },
  vjp: (g, { inputs: [x], attributes }) => {
    const { outer, size, inner } = attributes;
    const lines = reshape(g, [outer, size, inner]);
    return [reshape(scatterAlongAxis(lines, originsOf(x, attributes), size, 1), x.shape)];
  },
});
const cumMaxOp = extremeOp('cumMax', -Infinity);
const cumMinOp = extremeOp('cumMin', Infinity);

/** A scan of [outer, size, inner] by ops of log2(size) steps, each of which doubles what is joined. */
function joinedByDoubling(
  x: Tensor,
  { outer, size, inner, exclusive, reverse }: ScanAttributes,
  nothing: number,
  join: (y: Tensor, before: Tensor) => Tensor,
): Tensor {
  const turned = (y: Tensor) => (reverse ? flip(y, 1) : y);
  const delayed = (y: Tensor, by: number) =>
    pad(
      slice(y, [], [undefined, size - by]),
      [
        [0, 0],
        [by, 0],
        [0, 0],
      ],
      nothing,
    );
  let y = turned(reshape(x, [outer, size, inner]));
  for (let step = 1; step < size; step *= 2) y = join(y, delayed(y, step));
  return reshape(turned(exclusive ? delayed(y, 1) : y), x.shape);
}

/** Where along [outer, size, inner] each extreme is from, of equal ones the last seen; outside where from none. */
function originsOf(x: AnyTensor, attributes: ScanAttributes): Tensor<Shape, 'i32'> {
  const { scan, outer, size, inner, reverse } = attributes;
  const extremes = apply(scan === 'max' ? cumMaxOp : cumMinOp, [x], x, {
    ...attributes,
    exclusive: false,
  });
  const isOne = reshape(x.equal(extremes).logicalOr(x.isNan()), [outer, size, inner]);
  const places = where(isOne, positions([1, size, 1], 'i32'), reverse ? size : -1);
  return reverse
    ? apply(cumMinOp, [places], places, { ...attributes, scan: 'min' })
    : apply(cumMaxOp, [places], places, { ...attributes, scan: 'max' });
}

export interface CumulativeOptions {
  /** Whether an element is left out of what it is given, false if left out. */
  readonly exclusive?: boolean;
  /** Whether to begin at the end of the axis, false if left out. */
  readonly reverse?: boolean;
}

function cumulative<S extends Shape, D extends DType>(
  op: ScanOp,
  scan: ScanAttributes['scan'],
  x: Tensor<S, D>,
  axis: number,
  options: CumulativeOptions,
  accepts: readonly DType[] = ['f32', 'f16', 'i32', 'u32'],
): Tensor<S, D> {
  const { name } = op;
  requireDType(name, x, accepts);
  requireOptions(name, options, ['exclusive', 'reverse']);
  const { exclusive = false, reverse = false } = options;
  requireFlag(name, 'exclusive', exclusive);
  requireFlag(name, 'reverse', reverse);
  const at = normalizeAxis(name, axis, x.rank);
  if (x.size === 0) return x;
  if (x.dtype === 'f16') {
    return cast(cumulative(op, scan, cast(x, 'f32'), axis, options), x.dtype);
  }
  return apply(op, [x], x, { scan, ...around(x.shape, at), exclusive, reverse });
}

/**
 * The sum of the elements up to each along an axis, in the shape and dtype of `x`; whole numbers wrap
 * around, sums of f16 are f32 that are rounded.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is bool or u8.
 * @throws ArgumentError where an option is not known, or neither true nor false.
 */
export function cumSum<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis = 0,
  options: CumulativeOptions = {},
): Tensor<S, D> {
  return cumulative(cumSumOp, 'sum', x, axis, options);
}

/**
 * The product of the elements up to each along an axis, in the shape and dtype of `x`. Its gradient is
 * right where elements are 0.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is bool or u8.
 * @throws ArgumentError where an option is not known, or neither true nor false.
 */
export function cumProd<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis = 0,
  options: CumulativeOptions = {},
): Tensor<S, D> {
  return cumulative(cumProdOp, 'prod', x, axis, options);
}

/**
 * The largest of the elements up to each along an axis, in the shape and dtype of `x`; from a NaN on all
 * are NaN. What is largest of no elements is −∞, or the lowest whole number. The gradient goes to the
 * element that each is from, the last of equal ones.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is bool or u8.
 * @throws ArgumentError where an option is not known, or neither true nor false.
 */
export function cumMax<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis = 0,
  options: CumulativeOptions = {},
): Tensor<S, D> {
  return cumulative(cumMaxOp, 'max', x, axis, options);
}

/**
 * The smallest of the elements up to each along an axis, in the shape and dtype of `x`; see {@link cumMax}.
 * What is smallest of no elements is ∞, or the highest whole number.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is bool or u8.
 * @throws ArgumentError where an option is not known, or neither true nor false.
 */
export function cumMin<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis = 0,
  options: CumulativeOptions = {},
): Tensor<S, D> {
  return cumulative(cumMinOp, 'min', x, axis, options);
}

/**
 * ln Σ eˣ of the elements up to each along an axis, in the shape and dtype of `x`, without overflow; −∞
 * for no elements. The gradient of an element of −∞ is 0.
 * @throws ShapeError where there is no such axis.
 * @throws DTypeError where `x` is neither f32 nor f16.
 * @throws ArgumentError where an option is not known, or neither true nor false.
 */
export function logCumSumExp<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis = 0,
  options: CumulativeOptions = {},
): Tensor<S, D> {
  return cumulative(logCumSumExpOp, 'logSumExp', x, axis, options, ['f32', 'f16']);
}
