import { requireOptions, requireWhole } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d as convolve,
} from '../../tensor/ops/convolution.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer, Mode } from '../layer.ts';
import { imageShape, pairOf } from './image-shape.ts';
import { WEIGHT_OPTIONS, WeightedLayer, type WeightOptions } from './weighted-layer.ts';

export interface Conv2dOptions extends ConvolutionOptions, WeightOptions {}

class Conv2d extends WeightedLayer {
  readonly type = 'conv2d';
  private readonly filters: number;
  private readonly kernelSize: readonly [number, number];
  private readonly options: Required<ConvolutionOptions>;

  constructor(filters: number, kernelSize: readonly [number, number], options: Conv2dOptions) {
    requireOptions('conv2d', options, [
      ...WEIGHT_OPTIONS,
      'strides',
      'dilations',
      'padding',
      'groups',
    ]);
    super(options);
    const { strides = 1, dilations = 1, padding = 'valid', groups = 1 } = options;
    requireWhole('conv2d', { filters, kernelSize, groups }, { from: 1 });
    this.filters = filters;
    this.kernelSize = kernelSize;
    this.options = { strides, dilations, padding, groups };
  }

  protected override createVariables(shape: readonly number[]): void {
    const [, , , channels] = imageShape('conv2d', shape);
    const { groups } = this.options;
    if (channels % groups !== 0 || this.filters % groups !== 0) {
      throw new ShapeError(
        `conv2d: ${channels} channels and ${this.filters} filters do not make ${groups} equal groups.`,
      );
    }
    this.createWeights([...this.kernelSize, channels / groups, this.filters], this.filters);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.finish(convolve(x, this.weight.value, this.options), mode);
  }
}

/**
 * 2-D convolution with `filters` filters of `kernelSize` (height and width, or one number for both):
 * [N, H, W, C] → [N, H', W', filters].
 * @throws ArgumentError where sizes or groups are not whole numbers above 0.
 * @throws ShapeError where inputs are no images, no window fits, or the groups would not be equal.
 */
export function conv2d(
  filters: number,
  kernelSize: number | readonly [number, number],
  options: Conv2dOptions = {},
): Layer {
  return new Conv2d(filters, pairOf('conv2d', 'kernelSize', kernelSize), options);
}
