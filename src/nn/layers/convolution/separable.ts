import { requireOptions } from '../../../arguments.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { Layer, type Mode } from '../../layer.ts';
import { noteSettings, type Settings } from '../../settings.ts';
import { conv1d } from './conv1d.ts';
import { conv2d } from './conv2d.ts';
import {
  DEPTHWISE_OPTIONS,
  type DepthwiseConv1dOptions,
  type DepthwiseConv2dOptions,
  depthwiseConv1d,
  depthwiseConv2d,
} from './depthwise.ts';

class SeparableLayer extends Layer {
  readonly type: string;
  private readonly depthwise: Layer;
  private readonly pointwise: Layer;

  constructor(type: string, depthwise: Layer, pointwise: Layer, settings: Settings) {
    super();
    noteSettings(this, settings);
    this.type = type;
    this.depthwise = depthwise;
    this.pointwise = pointwise;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.pointwise.forward(this.depthwise.forward(x, mode), mode);
  }
}

/**
 * A depthwise convolution of sequences, then one of windows of 1 that mixes the channels: [N, L, C] →
 * [N, L', filters]. As `separableConv2d` otherwise.
 * @throws ArgumentError where sizes are not whole numbers above 0.
 * @throws ShapeError where inputs are no sequences, or no window fits.
 */
export function separableConv1d(
  filters: number,
  kernelSize: number,
  options: DepthwiseConv1dOptions = {},
): Layer {
  requireOptions('separableConv1d', options, DEPTHWISE_OPTIONS);
  const { strides, dilations, padding, depthMultiplier, ...weights } = options;
  const plain = { ...options, activation: 'linear', bias: false } as const;
  const depthwise = depthwiseConv1d(kernelSize, plain);
  const pointwise = conv1d(filters, 1, weights);
  const settings = { ...options, filters, kernelSize };
  return new SeparableLayer('separableConv1d', depthwise, pointwise, settings);
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
  requireOptions('separableConv2d', options, [...DEPTHWISE_OPTIONS, 'multiplier']);
  const { strides, dilations, padding, depthMultiplier, multiplier, ...weights } = options;
  const plain = { ...options, activation: 'linear', bias: false } as const;
  const depthwise = depthwiseConv2d(kernelSize, plain);
  const pointwise = conv2d(filters, 1, weights);
  const settings = { depthMultiplier: multiplier, ...options, filters, kernelSize };
  return new SeparableLayer('separableConv2d', depthwise, pointwise, settings);
}
