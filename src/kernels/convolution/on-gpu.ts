import type { DeviceLimits } from '../../device/device.ts';
import type { KernelContext, Launches } from '../launch.ts';
import { matMulOnGpu } from '../matmul/on-gpu.ts';
import { sumsColumns } from '../matmul/problem.ts';
import { filterGradientInBlocks, forwardInBlocks, inputGradientInBlocks } from './blocks.ts';
import { type Conv2dAttributes, isPointwise, shape4 } from './geometry.ts';
import { alongLines, filterGradientAlongLines, hasFewChannels } from './lines.ts';
import { pointwise } from './pointwise.ts';

type Context = KernelContext<Conv2dAttributes>;

/** The convolution of an image [N, H, W, C] with a filter [KH, KW, C, O], on a GPU. */
export function conv2d(context: Context): Launches {
  const filter = shape4(context.inputs[1]);
  if (isPointwise(filter, context.attributes)) return pointwise(matMulOnGpu, context, {});
  return hasFewChannels(filter) ? alongLines(context) : forwardInBlocks(context);
}

/** What the image [N, H, W, C] gets from the output's gradient [N, OH, OW, O], on a GPU. */
export function conv2dInputGradient(context: Context): Launches {
  return isPointwise(shape4(context.inputs[1]), context.attributes)
    ? pointwise(matMulOnGpu, context, { transposeB: true })
    : inputGradientInBlocks(context);
}

/** What the filter [KH, KW, C, O] gets from the image and the output's gradient, on a GPU. */
export function conv2dFilterGradient(context: Context): Launches {
  const filter = shape4(context.output);
  if (isPointwise(filter, context.attributes)) {
    return pointwise(matMulOnGpu, context, { transposeA: true });
  }
  return hasFewChannels(filter)
    ? filterGradientAlongLines(context)
    : filterGradientInBlocks(context);
}

/** Whether the gradient of such a filter comes with the sums of the output's gradient at no cost. */
export function filterGradientSumsColumns(
  shape: readonly number[],
  attributes: Conv2dAttributes,
  limits: DeviceLimits,
): boolean {
  const filter = shape4({ shape, dtype: 'f32' });
  const matrix = { transposeA: true, transposeB: false };
  if (isPointwise(filter, attributes)) return sumsColumns(filter.slice(2), matrix, limits);
  return !hasFewChannels(filter);
}
