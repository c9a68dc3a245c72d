import { requireOptions, requireWhole } from '../../arguments.ts';
import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d as convolve,
} from '../../tensor/ops/convolution.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';
import { conv2d } from './convolution.ts';
import { imageShape, pairOf } from './image-shape.ts';
import { WEIGHT_OPTIONS, WeightedLayer, type WeightOptions } from './weighted-layer.ts';

export interface DepthwiseConv2dOptions extends Omit<ConvolutionOptions, 'groups'>, WeightOptions {
  /** How many results each channel gives. Default 1. */
  readonly depthMultiplier?: number;
  /** @deprecated Use `depthMultiplier`. */
  readonly multiplier?: number;
}

const OPTIONS = [
  ...WEIGHT_OPTIONS,
  'strides',
  'dilations',
  'padding',
  'depthMultiplier',
  'multiplier',
] as const satisfies readonly (keyof DepthwiseConv2dOptions)[];

class DepthwiseConv2d extends WeightedLayer {
  readonly type = 'depthwiseConv2d';
  private readonly kernelSize: readonly [number, number];
  private readonly depthMultiplier: number;
  private readonly options: ConvolutionOptions;

  constructor(kernelSize: readonly [number, number], options: DepthwiseConv2dOptions) {
    super(options);
    const { multiplier = 1, depthMultiplier = multiplier } = options;
    const { strides = 1, dilations = 1, padding = 'valid' } = options;
    requireWhole('depthwiseConv2d', { kernelSize, depthMultiplier }, { from: 1 });
    this.kernelSize = kernelSize;
    this.depthMultiplier = depthMultiplier;
    this.options = { strides, dilations, padding };
  }

  protected override createVariables(shape: readonly number[]): void {
    const [, , , channels] = imageShape('depthwiseConv2d', shape);
    const outputs = channels * this.depthMultiplier;
    this.createWeights([...this.kernelSize, 1, outputs], outputs);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    const [, , , groups] = imageShape('depthwiseConv2d', x.shape);
    return this.finish(convolve(x, this.weight.value, { ...this.options, groups }), mode);
  }
}

/**
 * Convolution of each channel by itself, with `depthMultiplier` filters: [N, H, W, C] →
 * [N, H', W', C · depthMultiplier], the results of a channel side by side. The weight is
 * [KH, KW, 1, C · depthMultiplier].
 * @throws ArgumentError where sizes are not whole numbers above 0.
 * @throws ShapeError where inputs are no images, or no window fits.
 */
export function depthwiseConv2d(
  kernelSize: number | readonly [number, number],
  options: DepthwiseConv2dOptions = {},
): Layer {
  requireOptions('depthwiseConv2d', options, OPTIONS);
  return new DepthwiseConv2d(pairOf('depthwiseConv2d', 'kernelSize', kernelSize), options);
}

class SeparableConv2d extends Layer {
  readonly type = 'separableConv2d';
  private readonly depthwise: Layer;
  private readonly pointwise: Layer;

  constructor(
    filters: number,
    kernelSize: readonly [number, number],
    options: DepthwiseConv2dOptions,
  ) {
    super();
    const { strides, dilations, padding, depthMultiplier, multiplier, ...weights } = options;
    this.depthwise = depthwiseConv2d(kernelSize, { ...options, activation: 'linear', bias: false });
    this.pointwise = conv2d(filters, 1, weights);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.pointwise.forward(this.depthwise.forward(x, mode), mode);
  }
}

/**
 * A depthwise convolution, then one of 1×1 that mixes the channels (Chollet, "Xception", 2017):
 * [N, H, W, C] → [N, H', W', filters], for a fraction of the arithmetic of `conv2d`. Bias and
 * activation come at the end; the kernel's initialiser and regulariser hold for both kernels.
 * @throws ArgumentError where sizes are not whole numbers above 0.
 * @throws ShapeError where inputs are no images, or no window fits.
 */
export function separableConv2d(
  filters: number,
  kernelSize: number | readonly [number, number],
  options: DepthwiseConv2dOptions = {},
): Layer {
  requireOptions('separableConv2d', options, OPTIONS);
  return new SeparableConv2d(filters, pairOf('separableConv2d', 'kernelSize', kernelSize), options);
}
