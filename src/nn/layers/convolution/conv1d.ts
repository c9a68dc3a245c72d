import { requireOptions } from '../../../arguments.ts';
import {
  type Conv1dOptions as ConvolutionOptions,
  conv1d as convolve,
} from '../../../tensor/ops/convolution/conv1d.ts';
import type { Layer } from '../../layer.ts';
import type { WeightOptions } from '../weighted-layer.ts';
import { CONVOLUTION_OPTIONS, ConvolutionLayer } from './convolution-layer.ts';

export interface Conv1dOptions extends ConvolutionOptions, WeightOptions {}

/**
 * 1-D convolution with `filters` filters of `kernelSize` elements:
 * [N, L, C] → [N, L', filters].
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no sequences, no window fits, or the groups would not be equal.
 */
export function conv1d(filters: number, kernelSize: number, options: Conv1dOptions = {}): Layer {
  requireOptions('conv1d', options, CONVOLUTION_OPTIONS);
  const { strides = 1, dilations = 1, padding = 'valid', groups = 1, ...weights } = options;
  const moves = { strides, dilations, padding, groups };
  return new ConvolutionLayer(
    {
      ...{ type: 'conv1d', axes: 1, filters, kernelSize, groups, moves },
      convolve: (x, filter) => convolve(x, filter, moves),
    },
    weights,
  );
}
