// Launch rules of which either device has its own, chosen as the records of ops choose.

import * as convolutionOnCpu from '../../src/kernels/convolution/on-cpu.ts';
import * as convolutionOnGpu from '../../src/kernels/convolution/on-gpu.ts';
import type { KernelContext, Launches } from '../../src/kernels/launch.ts';
import { matMulOnCpu } from '../../src/kernels/matmul/on-cpu.ts';
import { matMulOnGpu } from '../../src/kernels/matmul/on-gpu.ts';

function byDevice<C extends Pick<KernelContext, 'limits'>>(
  onCpu: (context: C) => Launches,
  onGpu: (context: C) => Launches,
) {
  return (context: C) => (context.limits.cpu ? onCpu : onGpu)(context);
}

export const matMul = byDevice(matMulOnCpu, matMulOnGpu);
export const conv2d = byDevice(convolutionOnCpu.conv2d, convolutionOnGpu.conv2d);
export const conv2dInputGradient = byDevice(
  convolutionOnCpu.conv2dInputGradient,
  convolutionOnGpu.conv2dInputGradient,
);
export const conv2dFilterGradient = byDevice(
  convolutionOnCpu.conv2dFilterGradient,
  convolutionOnGpu.conv2dFilterGradient,
);
