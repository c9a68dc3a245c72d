import { input, type KernelContext, type Launches } from '../launch.ts';
import placesInBlocks from '../wgsl/matmul/functions/blocked/blocks.wgsl';
import { type BlockedMatMul, blockedMatMul, pickBlocked } from './blocked.ts';
import type { BlockedVariant } from './blocked-variant.ts';
import { addressing, isSmall, type MatMulAttributes, problemOf } from './problem.ts';
import { smallMatMul } from './small.ts';

/** The matrix product on a GPU. */
export function matMulOnGpu(context: KernelContext<MatMulAttributes>): Launches {
  const { extent, a, b, dtypes } = problemOf(context);
  if (isSmall(extent, context.limits)) return smallMatMul(extent, a, b, dtypes, context.epilogue);
  return matMulInBlocks(context);
}

/** The same in tiles that go through workgroup memory. */
export function matMulInBlocks(
  context: KernelContext<MatMulAttributes>,
  variant?: BlockedVariant,
): Launches {
  const { extent, a, b, dtypes, transposeA, transposeB } = problemOf(context);
  const aligned = (size: number) => size % 4 === 0;
  const work: BlockedMatMul = {
    name: 'matmul',
    extent,
    operands: [input(0), input(1)],
    dtypes,
    functions: [placesInBlocks],
    params: addressing(a, b),
    epilogue: context.epilogue,
    columnSums: context.alongside?.[0] ?? false,
    vectors: {
      a: aligned(transposeA ? extent.rows : extent.depth),
      b: aligned(transposeB ? extent.depth : extent.columns),
    },
    alongK: { a: !transposeA, b: transposeB },
    padded: false,
  };
  return blockedMatMul(work, variant ?? pickBlocked(context, work, extent));
}
