import { requireOptions } from '../../../arguments.ts';
import {
  type Conv3dOptions as ConvolutionOptions,
  conv3d as convolve,
} from '../../../tensor/ops/convolution/conv3d.ts';
import type { Layer } from '../../layer.ts';
import type { WeightOptions } from '../weighted-layer.ts';
import { CONVOLUTION_OPTIONS, ConvolutionLayer } from './convolution-layer.ts';

export interface Conv3dOptions extends ConvolutionOptions, WeightOptions {}

/**
 * 3-D convolution with `filters` filters of `kernelSize` (depth, height and width, or one
 * number for all):
 * [N, D, H, W, C] → [N, D', H', W', filters].
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no volumes, no window fits, or the groups would not be equal.
 */
export function conv3d(
  filters: number,
  kernelSize: number | readonly [number, number, number],
  options: Conv3dOptions = {},
): Layer {
  requireOptions('conv3d', options, CONVOLUTION_OPTIONS);
  const { strides = 1, dilations = 1, padding = 'valid', groups = 1, ...weights } = options;
  const moves = { strides, dilations, padding, groups };
  return new ConvolutionLayer(
    {
      ...{ type: 'conv3d', axes: 3, filters, kernelSize, groups, moves },
      convolve: (x, filter) => convolve(x, filter, moves),
    },
    weights,
  );
}
