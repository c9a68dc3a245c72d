import { type KernelContext, type Launches, type Operand, product } from '../launch.ts';
import type { MatMulAttributes } from '../matmul/problem.ts';
import type { Conv2dAttributes } from './geometry.ts';

/** The product, as a device has it, of operands [..., size], each as a matrix of its last axis. */
export function pointwise(
  matMul: (context: KernelContext<MatMulAttributes>) => Launches,
  context: KernelContext<Conv2dAttributes>,
  transposed: Partial<MatMulAttributes>,
): Launches {
  return matMul({
    ...context,
    inputs: context.inputs.map(asMatrix),
    output: asMatrix(context.output),
    attributes: { transposeA: false, transposeB: false, ...transposed },
  });
}

function asMatrix({ shape, dtype }: Operand): Operand {
  const columns = shape.at(-1) as number;
  return { shape: [product(shape.slice(0, -1)), columns], dtype };
}
