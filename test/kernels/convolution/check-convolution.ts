import type { DeviceLimits } from '../../../src/device/device.ts';
import type { Conv2dAttributes } from '../../../src/kernels/convolution/geometry.ts';
import type { KernelContext, Launches } from '../../../src/kernels/launch.ts';
import type { Pick } from '../../../src/kernels/pick.ts';
import { type Ending, NO_ENDING } from '../endings.ts';
import { runKernel } from '../harness.ts';
import { assertClose, finished, type Halves, noise, operand } from '../matmul/matmul-reference.ts';
import { type Convolution, convolve, outputShape } from './convolution-reference.ts';

export const directions = ['forward', 'input', 'filter'] as const;
export type Direction = (typeof directions)[number];

export type ConvolutionRule = (context: KernelContext<Conv2dAttributes>) => Launches;

/** The shapes of both operands and of the result; undefined where the filter does not fit. */
export function shapesOf(direction: Direction, convolution: Convolution) {
  const { image, filter } = convolution;
  const output = outputShape(convolution);
  if (!output) return undefined;
  return {
    forward: [image, filter, output],
    input: [output, filter, image],
    filter: [image, output, filter],
  }[direction] as [typeof image, typeof image, typeof image];
}

/** Throws unless a launch rule agrees with the definition. */
export async function checkConvolution(
  direction: Direction,
  rule: ConvolutionRule,
  convolution: Convolution,
  limits: Partial<DeviceLimits> = {},
  epilogue: Ending = NO_ENDING,
  halves: Halves = 'none',
  pick?: Pick,
): Promise<void> {
  const shapes = shapesOf(direction, convolution);
  const output = outputShape(convolution);
  if (!shapes || !output) return;
  const first = operand(shapes[0], 1, 'a', halves);
  const second = operand(shapes[1], 2, 'b', halves);
  const [, , , filters] = convolution.filter;
  const bias = epilogue.bias ? { shape: [filters], data: noise(filters, 4) } : undefined;
  const actual = await runKernel(rule, {
    inputs: [first, second],
    output: { shape: shapes[2] },
    attributes: convolution.attributes,
    epilogue,
    ...(bias && { bias }),
    ...(pick && { pick }),
    limits,
  });
  const expected = convolve(direction, convolution, output, first.data, second.data);
  try {
    assertClose(actual, finished(expected, bias?.data, epilogue.activation));
  } catch (cause) {
    throw new Error(`${direction} of ${JSON.stringify(convolution)}: ${cause}`);
  }
}
