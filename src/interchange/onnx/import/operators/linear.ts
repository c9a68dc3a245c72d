import { matMul } from '../../../../tensor/ops/linear.ts';
import { determinant } from '../../../../tensor/ops/linear-algebra/determinant.ts';
import { einsum } from '../../../../tensor/ops/products/einsum.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from './call.ts';

/** NumPy's product: a vector is a row on the left, a column on the right, and its axis goes again. */
export function product(a: AnyTensor, b: AnyTensor): AnyTensor {
  const rows = a.rank === 1 ? a.unsqueeze(0) : a;
  const columns = b.rank === 1 ? b.unsqueeze(1) : b;
  const result = broadcastMatMul(rows, columns);
  const withoutRow = a.rank === 1 ? result.squeeze(result.rank - 2) : result;
  return b.rank === 1 ? withoutRow.squeeze(withoutRow.rank - 1) : withoutRow;
}

/** A matrix on the right serves all matrices on the left as one long one. */
function broadcastMatMul(a: AnyTensor, b: AnyTensor): AnyTensor {
  if (a.rank <= 2 || b.rank > 2) return matMul(a, b);
  const flat = a.reshape([-1, sizeOf(a.shape, -1)]);
  return matMul(flat, b).reshape([...a.shape.slice(0, -1), sizeOf(b.shape, 1)]);
}

function gemm(call: OperatorCall): AnyTensor {
  const turned = (index: number, name: string) =>
    call.flag(name) ? call.input(index).transpose() : call.input(index);
  const scaled = (x: AnyTensor, name: string) => {
    const factor = call.float(name, 1);
    return factor === 1 ? x : x.mul(factor);
  };
  const sum = scaled(matMul(turned(0, 'transA'), turned(1, 'transB')), 'alpha');
  const bias = call.inputs[2];
  return bias ? sum.add(scaled(bias, 'beta')) : sum;
}

/** Products of matrices, and their determinants. */
export const linearOperators: Readonly<Record<string, Operator>> = {
  Det: (call) => determinant(call.x as Tensor),
  Einsum: (call) => einsum(call.text('equation', ''), call.given as Tensor[]),
  Gemm: gemm,
  MatMul: (call) => product(call.x, call.input(1)),
};
