import { shown } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import type { BinaryMethod, ReduceMethod, SameDType } from './method-types.ts';
import { arithmetic, comparisons } from './ops/binary.ts';
import { cast } from './ops/cast.ts';
import type { Conv2dOptions } from './ops/convolution/conv2d.ts';
import { binaryFunction } from './ops/elementwise/binary-op.ts';
import { unaryFunction } from './ops/elementwise/unary-op.ts';
import { celu, leakyRelu, nanToNum, prelu, step } from './ops/elementwise/with-settings.ts';
import { gather } from './ops/indexing/gather.ts';
import { split } from './ops/joining.ts';
import { matMul } from './ops/linear.ts';
import { type NormOrder, norm, std } from './ops/norms.ts';
import type { AvgPool2dOptions, Pool2dOptions } from './ops/pooling/pool2d.ts';
import { type PadMode, pad } from './ops/rearranging/padding.ts';
import { argExtreme, logSumExp, mean, reduceBool, reduceBy, variance } from './ops/reductions.ts';
import { logSoftmax, softmax } from './ops/softmax.ts';
import { stopGradient } from './ops/stop-gradient.ts';
import { unary } from './ops/unary.ts';
import { expandTo, flip, reshape, slice, squeeze, transpose, unsqueeze } from './ops/views.ts';
import { expectMethods, registerMethod } from './register-method.ts';
import type {
  Called,
  Check,
  CheckAxis,
  CheckBroadcast,
  CheckMatMul,
  MatMul,
  Permute,
  Resolved,
  Reverse,
  Shape,
} from './shape-types.ts';
import type { CheckReshape } from './size-types.ts';
import type { AnyTensor, Tensor } from './tensor.ts';

// Mapped over the records themselves: what a record says of its op, an editor shows of the method.

type UnaryMethods<S extends Shape, D extends DType> = {
  [K in keyof typeof unary]: () => Tensor<
    S,
    (typeof unary)[K] extends { readonly result: infer R extends DType } ? R : D
  >;
};
type ArithmeticMethods = { [K in keyof typeof arithmetic]: BinaryMethod<'same'> };
type ComparisonMethods = { [K in keyof typeof comparisons]: BinaryMethod<'bool'> };

declare module './tensor.ts' {
  /** The ops as methods. As for the class, the variance is beyond the compiler:
   * @ts-expect-error */
  interface Tensor<out S extends Shape, out D extends DType>
    extends UnaryMethods<S, D>,
      ArithmeticMethods,
      ComparisonMethods {
    /** See `cast`: the same values in another dtype. */
    cast<E extends DType>(dtype: E): Tensor<S, E>;
    /** x above 0, slope · x below; the slope is 0.01 if left out. */
    leakyRelu(slope?: number): Tensor<S, D>;
    /** x above 0, alpha · x below; alpha is a tensor that broadcasts. */
    prelu(alpha: AnyTensor): Tensor<S, D>;
    /** x above 0, alpha · (e^(x / alpha) − 1) below; alpha is 1 if left out. */
    celu(alpha?: number): Tensor<S, D>;
    /** 1 above 0, alpha, 0 if left out, elsewhere. */
    step(alpha?: number): Tensor<S, D>;
    /** Numbers for NaN, ∞ and −∞: 0 and the largest of the dtype if left out. */
    nanToNum(nan?: number, positive?: number, negative?: number): Tensor<S, D>;
    /** The elements no lower than `low` and no higher than `high`; either may be infinite. */
    clip(low: number, high: number): Tensor<S, D>;
    /** Sum over axes. */
    sum: ReduceMethod;
    /** Product over axes. */
    prod: ReduceMethod;
    /** Largest element over axes. */
    max: ReduceMethod;
    /** Smallest element over axes. */
    min: ReduceMethod;
    /** Arithmetic mean over axes. */
    mean: ReduceMethod;
    /** Whether any element is true. */
    any: ReduceMethod<'bool'>;
    /** Whether all elements are true. */
    all: ReduceMethod<'bool'>;
    /** log Σ eˣ over axes, without overflow. */
    logSumExp: ReduceMethod;
    /** Mean squared distance from the mean; `correction: 1` divides by n − 1. */
    variance(
      axes?: number | readonly number[],
      options?: { keepDims?: boolean; correction?: number },
    ): Tensor<Shape, D>;
    /** The square root of the variance. */
    std(
      axes?: number | readonly number[],
      options?: { keepDims?: boolean; correction?: number },
    ): Tensor<Shape, 'f32'>;
    /** The norm of vectors or matrices, or of all elements; see `norm`. */
    norm(
      ord?: NormOrder,
      axis?: number | readonly number[],
      keepDims?: boolean,
    ): Tensor<Shape, 'f32'>;
    /** Where the largest element lies along an axis (in the flattened tensor, if left out), i32. */
    argMax(axis?: number, keepDims?: boolean): Tensor<Shape, 'i32'>;
    /** Where the smallest element lies along an axis (in the flattened tensor, if left out), i32. */
    argMin(axis?: number, keepDims?: boolean): Tensor<Shape, 'i32'>;
    /** The same elements in another shape; one dimension may be −1. */
    reshape<const T extends Shape, Call = Called>(
      shape: T & Check<CheckReshape<S, T>, Call>,
    ): Tensor<Resolved<T>, D>;
    /** The axes in another order; reversed if none is given. */
    transpose(): Tensor<Reverse<S>, D>;
    /** The axes in the order given. */
    transpose<const P extends Shape, Call = Called>(
      permutation: P & Check<CheckAxis<S, P[number]>, Call>,
    ): Tensor<Permute<S, P>, D>;
    /** Repeats axes of size 1 (and adds leading ones) to reach a shape. */
    expand<const T extends Shape, Call = Called>(
      shape: T & Check<CheckBroadcast<S, T>, Call>,
    ): Tensor<Resolved<T>, D>;
    /** The part from `starts` to before `ends`, every `steps`-th element, backwards where that is negative. */
    slice(
      starts: readonly (number | undefined)[],
      ends?: readonly (number | undefined)[],
      steps?: readonly number[],
    ): Tensor<Shape, D>;
    /** A number, or what is at the edges (see `PadMode`), before and after each axis. */
    pad(
      padding: readonly (readonly [number, number])[],
      value?: number | PadMode,
    ): Tensor<Shape, D>;
    /** The elements in reverse order along axes. */
    flip(axes?: number | readonly number[]): Tensor<S, D>;
    /** Without axes of size 1. */
    squeeze(axes?: number | readonly number[]): Tensor<Shape, D>;
    /** With an axis of size 1 more. */
    unsqueeze(axis: number): Tensor<Shape, D>;
    /** Parts along an axis: a number of equal ones, or one of each given size. */
    split(parts: number | readonly number[], axis?: number): Tensor<Shape, D>[];
    /** The slices at `indices` along an axis; of batches, each at indices of its own, see `gather`. */
    gather<E extends DType, Call = Called>(
      indices: Tensor<Shape, E> & Check<SameDType<'i32' | 'u32' | 'u8', E>, Call>,
      axis?: number,
      batchDims?: number,
    ): Tensor<Shape, D>;
    /** Matrix product over the last two axes. */
    matMul<T extends Shape, E extends DType, Call = Called>(
      other: Tensor<T, E> & Check<SameDType<D, E>, Call> & Check<CheckMatMul<S, T>, Call>,
    ): Tensor<MatMul<S, T>, 'f32'>;
    /** The same of operands whose last two axes are swapped before, as their flags say. */
    matMul(
      other: AnyTensor,
      transposeThis: boolean,
      transposeOther?: boolean,
    ): Tensor<Shape, 'f32'>;
    /** 2-D convolution of images [N, H, W, C] with filters [KH, KW, C, O]. */
    conv2d<E extends DType, Call = Called>(
      filter: Tensor<Shape, E> & Check<SameDType<'f32', E>, Call>,
      options?: Conv2dOptions,
    ): Tensor<Shape, 'f32'>;
    /** The largest element of each window of images [N, H, W, C]. */
    maxPool2d(options?: Pool2dOptions): Tensor<Shape, 'f32'>;
    /** The mean of each window of images [N, H, W, C]. */
    avgPool2d(options?: AvgPool2dOptions): Tensor<Shape, 'f32'>;
    /** eˣ / Σ eˣ along an axis. */
    softmax(axis?: number): Tensor<S, D>;
    /** log softmax along an axis. */
    logSoftmax(axis?: number): Tensor<S, D>;
    /** The same value, through which no gradient flows. */
    stopGradient(): Tensor<S, D>;
    /** Adds this scalar's gradient to `variable.gradient` of the trainable variables behind it. */
    backward(): void;
  }
}

function clip(x: AnyTensor, low: number, high: number): AnyTensor {
  if (typeof low !== 'number' || typeof high !== 'number' || low > high) {
    throw new ArgumentError(
      `clip: low ${shown(low)} and high ${shown(high)} must be numbers, low not above high.`,
    );
  }
  return x.maximum(low).minimum(high);
}

type Axes = number | readonly number[] | undefined;

for (const [name, record] of Object.entries(unary))
  registerMethod(name, unaryFunction(name, record));
for (const [name, record] of Object.entries(arithmetic))
  registerMethod(name, binaryFunction(name, record));
for (const [name, record] of Object.entries(comparisons)) {
  registerMethod(name, binaryFunction(name, record, 'bool'));
}
for (const name of ['sum', 'prod', 'max', 'min'] as const) {
  registerMethod(name, (x, axes: Axes, keepDims: boolean | undefined) =>
    reduceBy(name, x, axes, keepDims),
  );
}
for (const name of ['any', 'all'] as const) {
  registerMethod(name, (x, axes: Axes, keepDims: boolean | undefined) =>
    reduceBool(name, x, axes, keepDims),
  );
}
for (const name of ['argMax', 'argMin'] as const) {
  registerMethod(name, (x, axis: number | undefined, keepDims: boolean | undefined) =>
    argExtreme(name, x, axis, keepDims),
  );
}
for (const [name, body] of Object.entries({
  cast,
  mean,
  logSumExp,
  variance,
  std,
  norm,
  reshape,
  transpose,
  expand: expandTo,
  slice,
  pad,
  flip,
  squeeze,
  unsqueeze,
  split,
  gather,
  matMul,
  softmax,
  logSoftmax,
  stopGradient,
  clip,
  leakyRelu,
  prelu,
  celu,
  step,
  nanToNum,
})) {
  registerMethod(name, body);
}

expectMethods('conv2d', 'maxPool2d', 'avgPool2d');
