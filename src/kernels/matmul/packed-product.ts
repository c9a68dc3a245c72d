import { temporary } from '../launch.ts';
import matmulOperands from '../wgsl/matmul/functions/operands.wgsl';
import type { ImplicitMatMul } from './implicit-matmul.ts';
import { addressing, type Strides } from './problem.ts';
import type { Extent } from './variant.ts';

/** A product of two packed operands, in the first temporaries: all of it but its name and what fills them. */
export function packedProduct(extent: Extent, a: Strides, b: Strides) {
  const { rows, columns, depth } = extent;
  return {
    extent,
    operands: [temporary(0), temporary(1)],
    functions: [matmulOperands],
    constants: { PACKED_A: 1, PACKED_B: 1 },
    params: { ...addressing(a, b), resultBatch: rows * columns, resultRow: 1 },
    segments: depth,
    vectors: { a: true, b: true },
    padded: false,
    rowsTogether: rows,
  } satisfies Partial<ImplicitMatMul>;
}
