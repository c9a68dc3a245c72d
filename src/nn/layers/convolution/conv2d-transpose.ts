import { requireOptions } from '../../../arguments.ts';
import {
  conv2dTranspose as convolveBack,
  type Conv2dTransposeOptions as TransposeOptions,
} from '../../../tensor/ops/convolution/conv2d-transpose.ts';
import type { Layer } from '../../layer.ts';
import type { WeightOptions } from '../weighted-layer.ts';
import { CONVOLUTION_OPTIONS, ConvolutionLayer } from './convolution-layer.ts';

export interface Conv2dTransposeOptions extends TransposeOptions, WeightOptions {}

/**
 * Transposed convolution with `filters` filters of `kernelSize` (height and width, or one number for
 * both):
 * [N, H, W, C] → [N, H', W', filters], as many times as large as the strides say. The weight
 * is [KH, KW, filters / groups, C], and sizes are those of Keras' Conv2DTranspose; see the op of that name.
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no images, or the groups would not be equal.
 */
export function conv2dTranspose(
  filters: number,
  kernelSize: number | readonly [number, number],
  options: Conv2dTransposeOptions = {},
): Layer {
  requireOptions('conv2dTranspose', options, [...CONVOLUTION_OPTIONS, 'outputPadding']);
  const { strides = 1, dilations = 1, padding = 'valid', groups = 1, ...others } = options;
  const { outputPadding, ...weights } = others;
  const extra = outputPadding === undefined ? {} : { outputPadding };
  const moves = { strides, dilations, padding, groups, ...extra };
  return new ConvolutionLayer(
    {
      ...{ type: 'conv2dTranspose', axes: 2, filters, kernelSize, groups, moves },
      ...{ transposed: true, convolve: (x, filter) => convolveBack(x, filter, moves) },
    },
    weights,
  );
}
