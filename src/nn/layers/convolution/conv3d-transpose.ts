import { requireOptions } from '../../../arguments.ts';
import {
  conv3dTranspose as convolveBack,
  type Conv3dTransposeOptions as TransposeOptions,
} from '../../../tensor/ops/convolution/conv3d-transpose.ts';
import type { Layer } from '../../layer.ts';
import type { WeightOptions } from '../weighted-layer.ts';
import { CONVOLUTION_OPTIONS, ConvolutionLayer } from './convolution-layer.ts';

export interface Conv3dTransposeOptions extends TransposeOptions, WeightOptions {}

/**
 * Transposed convolution with `filters` filters of `kernelSize` (depth, height and width, or one
 * number for all):
 * [N, D, H, W, C] → [N, D', H', W', filters], as many times as large as the strides say. The weight
 * is [KD, KH, KW, filters / groups, C], and sizes are those of Keras' Conv3DTranspose; see the op of that name.
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no volumes, or the groups would not be equal.
 */
export function conv3dTranspose(
  filters: number,
  kernelSize: number | readonly [number, number, number],
  options: Conv3dTransposeOptions = {},
): Layer {
  requireOptions('conv3dTranspose', options, [...CONVOLUTION_OPTIONS, 'outputPadding']);
  const { strides = 1, dilations = 1, padding = 'valid', groups = 1, ...others } = options;
  const { outputPadding, ...weights } = others;
  const extra = outputPadding === undefined ? {} : { outputPadding };
  const moves = { strides, dilations, padding, groups, ...extra };
  return new ConvolutionLayer(
    {
      ...{ type: 'conv3dTranspose', axes: 3, filters, kernelSize, groups, moves },
      ...{ transposed: true, convolve: (x, filter) => convolveBack(x, filter, moves) },
    },
    weights,
  );
}
