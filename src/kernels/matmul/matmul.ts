import type { KernelContext, Launches } from '../launch.ts';
import { matMulOnCpu } from './on-cpu.ts';
import { matMulOnGpu } from './on-gpu.ts';
import type { MatMulAttributes } from './problem.ts';

/** The batched matrix product, either operand transposed by how it is read. */
export function matMul(context: KernelContext<MatMulAttributes>): Launches {
  return context.limits.cpu ? matMulOnCpu(context) : matMulOnGpu(context);
}
