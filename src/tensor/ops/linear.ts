import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import type { DType } from '../../kernels/dtype.ts';
import { product } from '../../kernels/launch.ts';
import { matMul as launch } from '../../kernels/matmul/matmul.ts';
import type { Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { broadcastShapes } from '../shape.ts';
import type { Check, MatMul, Shape, Valid } from '../shape-types.ts';
import { type AnyTensor, apply, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { expandTo, sumTo } from './views.ts';

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly [key: string]: unknown;
}

const matMulOp: Op = {
  name: 'matMul',
  lowering: { kind: 'kernel', launch, takesEpilogue: true },
  vjp: (g, { inputs, attributes }) => {
    const [a, b] = inputs as [AnyTensor, AnyTensor];
    const { transposeA, transposeB } = attributes as MatMulAttributes;
    const da = transposeA ? multiply(b, g, transposeB, true) : multiply(g, b, false, !transposeB);
    const db = transposeB ? multiply(g, a, true, transposeA) : multiply(a, g, !transposeA, false);
    return [sumTo(da, a.shape), sumTo(db, b.shape)];
  },
};

/**
 * The matrix product over the last two axes, [..., M, K] · [..., K, N] → [..., M, N], f32; leading
 * axes broadcast. A transposed operand is read as it is, not copied.
 * @throws ShapeError where the inner dimensions differ or batches do not broadcast.
 */
export function matMul<A extends Shape, B extends Shape>(
  a: Tensor<A, DType>,
  b: Tensor<B, DType> & Check<MatMul<A, B>>,
): Tensor<Valid<MatMul<A, B>>> {
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
  const [left, transposeA] = untransposed(a);
  const [right, transposeB] = untransposed(b);
  return multiply(left, right, transposeA, transposeB) as unknown as Tensor<Valid<MatMul<A, B>>>;
}

function multiply(a: AnyTensor, b: AnyTensor, transposeA: boolean, transposeB: boolean): AnyTensor {
  const [m, k] = matrix(a, transposeA);
  const [, n] = matrix(b, transposeB);
  const batch = broadcastShapes('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, m, n];
  if (k === 0 || product(shape) === 0) return zeros(shape);
  const inputs = [a, b].map((x) => batched(x, batch));
  return apply(matMulOp, inputs, { shape, dtype: 'f32' }, { transposeA, transposeB });
}

/** The kernels reuse a single matrix for all batches; any other broadcast is written out. */
function batched(x: AnyTensor, batch: readonly number[]): AnyTensor {
  const own = x.shape.slice(0, -2);
  if (product(own) === 1) return x;
  return expandTo(x, [...batch, ...x.shape.slice(-2)]);
}

function matrix(x: AnyTensor, transposed: boolean): [number, number] {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

/** Looks through a transposition of the last two axes, which the kernels can read themselves. */
function untransposed(x: AnyTensor): [AnyTensor, boolean] {
  const { node, rank } = x;
  const permutation = node.attributes.permutation as number[] | undefined;
  const swaps =
    node.op.name === 'transpose' &&
    !node.leaf &&
    permutation?.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
  return swaps ? [new Tensor(node.inputs[0] as Node), true] : [x, false];
}
