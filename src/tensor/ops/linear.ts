import { requireFlag } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { untransposed } from '../../graph/view.ts';
import type { DType } from '../../kernels/dtype.ts';
import { product } from '../../kernels/launch.ts';
import { type MatMulAttributes, sumsColumns } from '../../kernels/matmul/problem.ts';
import { OnDemand } from '../../kernels/on-demand.ts';
import { apply, type Op } from '../op.ts';
import { requireDType, requireTensor } from '../require-dtype.ts';
import { broadcastShapes, sizeOf } from '../shape.ts';
import type { Called, Check, CheckMatMul, MatMul, Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { isColumnSum } from './reductions.ts';
import { expandTo, matrixTranspose, sumTo } from './views.ts';

const onCpu = new OnDemand(() => import('../../kernels/matmul/on-cpu.ts'));
const onGpu = new OnDemand(() => import('../../kernels/matmul/on-gpu.ts'));

const matMulOp: Op<[a: Tensor, b: Tensor], MatMulAttributes> = {
  name: 'matMul',
  lowering: {
    kind: 'kernel',
    needs: ({ cpu }) => (cpu ? onCpu : onGpu),
    launch: (context) =>
      context.limits.cpu ? onCpu.get().matMulOnCpu(context) : onGpu.get().matMulOnGpu(context),
    takesEpilogue: true,
    readsTransposed: true,
    readsHalves: () => true,
    alongside: (own, other, limits) =>
      isColumnSum(other, own.inputs[1], own.shape[1]) &&
      sumsColumns(own.shape, own.attributes, limits)
        ? 0
        : undefined,
  },
  vjp: (g, { inputs: [a, b], attributes: { transposeA, transposeB } }) => {
    const da = gradientOf(a, transposeA, (transposed) =>
      transposed ? multiply(b, g, transposeB, true) : multiply(g, b, false, !transposeB),
    );
    const db = gradientOf(b, transposeB, (transposed) =>
      transposed ? multiply(g, a, true, transposeA) : multiply(a, g, !transposeA, false),
    );
    return [sumTo(da, a.shape), sumTo(db, b.shape)];
  },
};

/** That of the transpose of something is computed as it lies for that: what turns it back copies nothing. */
function gradientOf(x: Tensor, transposed: boolean, compute: (transposed: boolean) => Tensor) {
  if (!untransposed(x.node)) return compute(transposed);
  return turned(compute(!transposed));
}

/**
 * The matrix product over the last two axes, [..., M, K] · [..., K, N] → [..., M, N], f32; leading
 * axes broadcast. A transposed operand is read as it is, not copied.
 * @throws ShapeError where the inner dimensions differ or batches do not broadcast.
 * @throws DTypeError where an operand is not f32.
 */
export function matMul<A extends Shape, B extends Shape, Call = Called>(
  a: Tensor<A, DType>,
  b: Tensor<B, DType> & Check<CheckMatMul<A, B>, Call>,
): Tensor<MatMul<A, B>>;
/** The same of operands whose last two axes are swapped before, as their flags say. */
export function matMul(
  a: AnyTensor,
  b: AnyTensor,
  transposeA: boolean,
  transposeB?: boolean,
): Tensor;
export function matMul(
  first: AnyTensor,
  second: AnyTensor,
  transposeA = false,
  transposeB = false,
): Tensor {
  requireFlag('matMul', 'transposeA', transposeA);
  requireFlag('matMul', 'transposeB', transposeB);
  const a = transposeA ? turned(first) : first;
  const b = transposeB ? turned(second) : second;
  requireDType('matMul', a, ['f32']);
  requireDType('matMul', b, ['f32']);
  if (a.rank < 2 || b.rank < 2) {
    throw new ShapeError(
      `matMul: needs two or more axes on both sides, got [${a.shape}] and [${b.shape}]. Use unsqueeze to add one.`,
    );
  }
  const [k, l] = [a.shape[a.rank - 1], b.shape[b.rank - 2]];
  if (k !== l) {
    throw new ShapeError(
      `matMul: inner dimensions ${k} and ${l} differ: [${a.shape}] · [${b.shape}].`,
    );
  }
  return multiply(a, b, false, false);
}

/** With the last two axes swapped; what has none is left for the check of its rank. */
function turned<D extends DType>(x: Tensor<Shape, D>): Tensor<Shape, D> {
  requireTensor('matMul', x);
  return x.rank < 2 ? x : matrixTranspose(x);
}

function multiply(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const [m, k] = matrix(a, transposeA);
  const [, n] = matrix(b, transposeB);
  const batch = broadcastShapes('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, m, n];
  if (k === 0 || product(shape) === 0) return zeros(shape);
  const attributes = { transposeA, transposeB };
  return apply(
    matMulOp,
    [batched(a, batch), batched(b, batch)],
    { shape, dtype: 'f32' },
    attributes,
  );
}

/** The kernels reuse a single matrix for all batches; any other broadcast is written out. */
function batched(x: Tensor, batch: readonly number[]): Tensor {
  const own = x.shape.slice(0, -2);
  if (product(own) === 1) return x;
  return expandTo(x, [...batch, ...x.shape.slice(-2)]);
}

function matrix(x: AnyTensor, transposed: boolean): [number, number] {
  const [rows, columns] = [sizeOf(x.shape, -2), sizeOf(x.shape, -1)];
  return transposed ? [columns, rows] : [rows, columns];
}
