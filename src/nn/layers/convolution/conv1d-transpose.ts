import { requireOptions } from '../../../arguments.ts';
import {
  conv1dTranspose as convolveBack,
  type Conv1dTransposeOptions as TransposeOptions,
} from '../../../tensor/ops/convolution/conv1d-transpose.ts';
import type { Layer } from '../../layer.ts';
import type { WeightOptions } from '../weighted-layer.ts';
import { CONVOLUTION_OPTIONS, ConvolutionLayer } from './convolution-layer.ts';

export interface Conv1dTransposeOptions extends TransposeOptions, WeightOptions {}

/**
 * Transposed convolution with `filters` filters of `kernelSize` elements:
 * [N, L, C] → [N, L', filters], as many times as large as the strides say. The weight
 * is [K, filters / groups, C], and sizes are those of Keras' Conv1DTranspose; see the op of that name.
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no sequences, or the groups would not be equal.
 */
export function conv1dTranspose(
  filters: number,
  kernelSize: number,
  options: Conv1dTransposeOptions = {},
): Layer {
  requireOptions('conv1dTranspose', options, [...CONVOLUTION_OPTIONS, 'outputPadding']);
  const { strides = 1, dilations = 1, padding = 'valid', groups = 1, ...others } = options;
  const { outputPadding, ...weights } = others;
  const extra = outputPadding === undefined ? {} : { outputPadding };
  const moves = { strides, dilations, padding, groups, ...extra };
  return new ConvolutionLayer(
    {
      ...{ type: 'conv1dTranspose', axes: 1, filters, kernelSize, groups, moves },
      ...{ transposed: true, convolve: (x, filter) => convolveBack(x, filter, moves) },
    },
    weights,
  );
}
