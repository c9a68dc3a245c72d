import type { KernelContext } from '../graph/operation.ts';
import { registerTiled, type Segmented } from './implicit-matmul.ts';
import { input, type Launches, product } from './launch.ts';
import { chooseRegisterTile } from './register-tile.ts';
import matmulOperands from './wgsl/matmul_operands.wgsl';

export type MatMulAttributes = Readonly<{ transposeA: boolean; transposeB: boolean }>;

/** The batched matrix product, either operand transposed by how it is read. */
export function matMul(context: KernelContext<MatMulAttributes>): Launches {
  const work = describe(context);
  return registerTiled(work, chooseRegisterTile(work.extent));
}

/** The product as strides: element (i, k) of `a` is at `i * row + k * k`, and so on. */
function describe({
  attributes: { transposeA, transposeB },
  inputs,
  output,
  epilogue,
}: KernelContext<MatMulAttributes>): Segmented {
  const [a, b] = inputs.map(({ shape }) => shape) as [readonly number[], readonly number[]];
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  const depth = a[a.length - (transposeA ? 2 : 1)] as number;
  const batches = product(output.shape.slice(0, -2));
  const batchStride = (shape: readonly number[], size: number) =>
    product(shape.slice(0, -2)) === 1 ? 0 : size;
  return {
    name: 'matmul',
    extent: { batches, rows, columns, depth },
    operands: [input(0), input(1)],
    functions: [matmulOperands],
    constants: {},
    words: [
      batchStride(a, rows * depth),
      transposeA ? 1 : depth,
      transposeA ? rows : 1,
      batchStride(b, depth * columns),
      transposeB ? 1 : columns,
      transposeB ? depth : 1,
    ],
    epilogue,
    reduction: depth,
    vectors: {
      a: transposeA && rows % 4 === 0,
      b: !transposeB && columns % 4 === 0,
    },
    padded: false,
  };
}
