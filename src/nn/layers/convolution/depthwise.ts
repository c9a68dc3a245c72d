import { requireOptions, requireWhole } from '../../../arguments.ts';
import { conv1d as convolve1d } from '../../../tensor/ops/convolution/conv1d.ts';
import { conv2d as convolve2d } from '../../../tensor/ops/convolution/conv2d.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer, Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';
import { channelsOf, sizesAlong } from '../reshaping/image-shape.ts';
import { WEIGHT_OPTIONS, WeightedLayer, type WeightOptions } from '../weighted-layer.ts';
import type { Conv1dOptions } from './conv1d.ts';
import type { Conv2dOptions } from './conv2d.ts';

export interface DepthwiseConv1dOptions extends Omit<Conv1dOptions, 'groups'> {
  /** How many results each channel gives. Default 1. */
  readonly depthMultiplier?: number;
}

export interface DepthwiseConv2dOptions extends Omit<Conv2dOptions, 'groups'> {
  /** How many results each channel gives. Default 1. */
  readonly depthMultiplier?: number;
  /** @deprecated Use `depthMultiplier`. */
  readonly multiplier?: number;
}

/** The options of layers that convolve each channel by itself. */
export const DEPTHWISE_OPTIONS = [
  ...WEIGHT_OPTIONS,
  'strides',
  'dilations',
  'padding',
  'depthMultiplier',
] as const;

interface DepthwiseKind {
  readonly type: string;
  readonly axes: 1 | 2;
  readonly kernelSize: number | readonly number[];
  readonly depthMultiplier: number;
  /** How its windows move, and where they end. */
  readonly moves: object;
  readonly convolve: (x: AnyTensor, filter: AnyTensor, groups: number) => AnyTensor;
}

class DepthwiseLayer extends WeightedLayer {
  readonly type: string;
  private readonly kind: DepthwiseKind;
  private readonly kernelSize: readonly number[];

  constructor(kind: DepthwiseKind, options: WeightOptions) {
    super(kind.type, options);
    const { type, axes, kernelSize, depthMultiplier, moves } = kind;
    requireWhole(type, { depthMultiplier }, { from: 1 });
    this.type = type;
    this.kind = kind;
    this.kernelSize = sizesAlong(type, 'kernelSize', axes, kernelSize);
    noteSettings(this, { ...options, kernelSize, depthMultiplier, ...moves });
  }

  protected override createVariables(shape: readonly number[]): void {
    const { type, axes, depthMultiplier } = this.kind;
    const outputs = channelsOf(type, axes, shape) * depthMultiplier;
    this.createWeights([...this.kernelSize, 1, outputs], outputs);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    const { type, axes, convolve } = this.kind;
    return this.finish(convolve(x, this.weight.value, channelsOf(type, axes, x.shape)), mode);
  }
}

/**
 * Convolution of each channel by itself, with `depthMultiplier` filters of `kernelSize` elements:
 * [N, L, C] → [N, L', C · depthMultiplier], the results of a channel side by side. The weight is
 * [K, 1, C · depthMultiplier].
 * @throws ArgumentError where sizes are not whole numbers above 0.
 * @throws ShapeError where inputs are no sequences, or no window fits.
 */
export function depthwiseConv1d(kernelSize: number, options: DepthwiseConv1dOptions = {}): Layer {
  requireOptions('depthwiseConv1d', options, DEPTHWISE_OPTIONS);
  const { strides = 1, dilations = 1, padding = 'valid', depthMultiplier = 1 } = options;
  const moves = { strides, dilations, padding };
  return new DepthwiseLayer(
    {
      ...{ type: 'depthwiseConv1d', axes: 1, kernelSize, depthMultiplier, moves },
      convolve: (x, filter, groups) => convolve1d(x, filter, { ...moves, groups }),
    },
    options,
  );
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
  requireOptions('depthwiseConv2d', options, [...DEPTHWISE_OPTIONS, 'multiplier']);
  const { strides = 1, dilations = 1, padding = 'valid', multiplier = 1 } = options;
  const { depthMultiplier = multiplier } = options;
  const moves = { strides, dilations, padding };
  return new DepthwiseLayer(
    {
      ...{ type: 'depthwiseConv2d', axes: 2, kernelSize, depthMultiplier, moves },
      convolve: (x, filter, groups) => convolve2d(x, filter, { ...moves, groups }),
    },
    options,
  );
}
