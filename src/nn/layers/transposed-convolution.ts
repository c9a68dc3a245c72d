import { requireOptions, requireWhole } from '../../arguments.ts';
import {
  type Conv2dTransposeOptions as TransposeOptions,
  conv2dTranspose as transposed,
} from '../../tensor/ops/transposed-convolution.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer, Mode } from '../layer.ts';
import { imageShape, pairOf } from './image-shape.ts';
import { WEIGHT_OPTIONS, WeightedLayer, type WeightOptions } from './weighted-layer.ts';

export interface Conv2dTransposeOptions extends TransposeOptions, WeightOptions {}

class Conv2dTranspose extends WeightedLayer {
  readonly type = 'conv2dTranspose';
  private readonly filters: number;
  private readonly kernelSize: readonly [number, number];
  private readonly options: TransposeOptions;

  constructor(
    filters: number,
    kernelSize: readonly [number, number],
    options: Conv2dTransposeOptions,
  ) {
    requireOptions('conv2dTranspose', options, [
      ...WEIGHT_OPTIONS,
      'strides',
      'dilations',
      'padding',
    ]);
    super(options);
    const { strides = 1, dilations = 1, padding = 'valid' } = options;
    requireWhole('conv2dTranspose', { filters, kernelSize }, { from: 1 });
    this.filters = filters;
    this.kernelSize = kernelSize;
    this.options = { strides, dilations, padding };
  }

  protected override createVariables(shape: readonly number[]): void {
    const [, , , channels] = imageShape('conv2dTranspose', shape);
    this.createWeights([...this.kernelSize, this.filters, channels], this.filters);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.finish(transposed(x, this.weight.value, this.options), mode);
  }
}

/**
 * Transposed convolution with `filters` filters of `kernelSize` (height and width, or one
 * number for both): [N, H, W, C] → [N, H', W', filters], as many times as large as the strides say. The weight
 * is [KH, KW, filters, C], and sizes are those of Keras' Conv2DTranspose; see the op of that name.
 * @throws ArgumentError where sizes are not whole numbers above 0.
 * @throws ShapeError where inputs are no images.
 */
export function conv2dTranspose(
  filters: number,
  kernelSize: number | readonly [number, number],
  options: Conv2dTransposeOptions = {},
): Layer {
  return new Conv2dTranspose(filters, pairOf('conv2dTranspose', 'kernelSize', kernelSize), options);
}
