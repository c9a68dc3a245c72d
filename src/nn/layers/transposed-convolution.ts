import {
  type Conv2dTransposeOptions as TransposeOptions,
  conv2dTranspose as transposed,
} from '../../tensor/ops/transposed-convolution.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer } from '../layer.ts';
import { checkSizes, imageShape, pairOf } from './image-shape.ts';
import { WeightedLayer, type WeightOptions } from './weighted-layer.ts';

export interface Conv2dTransposeOptions extends TransposeOptions, WeightOptions {}

class Conv2dTranspose extends WeightedLayer {
  readonly type = 'conv2dTranspose';
  private readonly filters: number;
  private readonly window: readonly [number, number];
  private readonly options: TransposeOptions;

  constructor(filters: number, window: readonly [number, number], options: Conv2dTransposeOptions) {
    super(options);
    checkSizes(`conv2dTranspose: ${filters} filters of ${window.join('×')}`, [filters, ...window]);
    this.filters = filters;
    this.window = window;
    this.options = options;
  }

  protected override createVariables(shape: readonly number[]): void {
    const [, , , channels] = imageShape('conv2dTranspose', shape);
    this.createWeights([...this.window, this.filters, channels], this.filters);
  }

  protected compute(x: AnyTensor): AnyTensor {
    return this.finish(transposed(x, this.weight.value, this.options));
  }
}

/**
 * Transposed convolution with `filters` filters of a window (height and width, or one number for
 * both): [N, H, W, C] → [N, H', W', filters], as many times as large as the strides say. The weight
 * is [KH, KW, filters, C], and sizes are those of Keras' Conv2DTranspose; see the op of that name.
 */
export function conv2dTranspose(
  filters: number,
  window: number | readonly [number, number],
  options: Conv2dTransposeOptions = {},
): Layer {
  return new Conv2dTranspose(filters, pairOf(window), options);
}
