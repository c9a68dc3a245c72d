import { ShapeError } from '../../errors.ts';
import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d as convolve,
} from '../../tensor/ops/convolution.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer } from '../layer.ts';
import { checkSizes, imageShape, pairOf } from './image-shape.ts';
import { WeightedLayer, type WeightOptions } from './weighted-layer.ts';

export interface Conv2dOptions extends ConvolutionOptions, WeightOptions {}

class Conv2d extends WeightedLayer {
  readonly type = 'conv2d';
  private readonly filters: number;
  private readonly window: readonly [number, number];
  private readonly options: ConvolutionOptions;

  constructor(filters: number, window: readonly [number, number], options: Conv2dOptions) {
    super(options);
    const { groups = 1 } = options;
    const what = `conv2d: ${filters} filters of ${window.join('×')} in ${groups} groups`;
    checkSizes(what, [filters, ...window, groups]);
    this.filters = filters;
    this.window = window;
    this.options = options;
  }

  protected override createVariables(shape: readonly number[]): void {
    const [, , , channels] = imageShape('conv2d', shape);
    const { groups = 1 } = this.options;
    if (channels % groups !== 0 || this.filters % groups !== 0) {
      throw new ShapeError(
        `conv2d: ${channels} channels and ${this.filters} filters do not make ${groups} equal groups.`,
      );
    }
    this.createWeights([...this.window, channels / groups, this.filters], this.filters);
  }

  protected compute(x: AnyTensor): AnyTensor {
    return this.finish(convolve(x, this.weight.value, this.options));
  }
}

/**
 * 2-D convolution with `filters` filters of a window (height and width, or one number for both):
 * [N, H, W, C] → [N, H', W', filters].
 */
export function conv2d(
  filters: number,
  window: number | readonly [number, number],
  options: Conv2dOptions = {},
): Layer {
  return new Conv2d(filters, pairOf(window), options);
}
