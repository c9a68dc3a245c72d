import { requireOptions } from '../../../arguments.ts';
import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d as convolve,
} from '../../../tensor/ops/convolution/conv2d.ts';
import type { Layer } from '../../layer.ts';
import type { WeightOptions } from '../weighted-layer.ts';
import { CONVOLUTION_OPTIONS, ConvolutionLayer } from './convolution-layer.ts';

export interface Conv2dOptions extends ConvolutionOptions, WeightOptions {}

/**
 * 2-D convolution with `filters` filters of `kernelSize` (height and width, or one number for
 * both):
 * [N, H, W, C] → [N, H', W', filters].
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no images, no window fits, or the groups would not be equal.
 */
export function conv2d(
  filters: number,
  kernelSize: number | readonly [number, number],
  options: Conv2dOptions = {},
): Layer {
  requireOptions('conv2d', options, CONVOLUTION_OPTIONS);
  const { strides = 1, dilations = 1, padding = 'valid', groups = 1, ...weights } = options;
  const moves = { strides, dilations, padding, groups };
  return new ConvolutionLayer(
    {
      ...{ type: 'conv2d', axes: 2, filters, kernelSize, groups, moves },
      convolve: (x, filter) => convolve(x, filter, moves),
    },
    weights,
  );
}
