import { type KernelContext, type Launches, type Operand, product } from '../launch.ts';
import { matMul } from '../matmul/matmul.ts';
import type { MatMulAttributes } from '../matmul/problem.ts';
import { type Conv2dAttributes, hasPadding, type Shape4 } from './geometry.ts';

/**
 * Whether the filter sees one pixel and visits each: images are matrices [pixels, channels] then, and
 * a convolution is a plain matmul in all three directions. On a CPU only the filter's gradient gains
 * by that: the others would pack an image that the convolution reads as it lies.
 */
export function isPointwise([height, width]: Shape4, attributes: Conv2dAttributes): boolean {
  const { strides } = attributes;
  return product([height, width, ...strides]) === 1 && !hasPadding(attributes);
}

/** The matmul of operands [..., size], each as a matrix of its last axis. */
export function pointwise(
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
