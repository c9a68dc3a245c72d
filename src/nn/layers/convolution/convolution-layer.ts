import { requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';
import { channelsOf, sizesAlong } from '../reshaping/image-shape.ts';
import { WEIGHT_OPTIONS, WeightedLayer, type WeightOptions } from '../weighted-layer.ts';

/** What a layer that convolves does, whatever the axes its windows move along. */
export interface ConvolutionKind {
  readonly type: string;
  readonly axes: 1 | 2 | 3;
  readonly filters: number;
  readonly kernelSize: number | readonly number[];
  readonly groups: number;
  /** How its windows move, where they end and what they see: the options of `convolve`. */
  readonly moves: object;
  /** Its filters are [window, filters / groups, channels] then, and else [window, channels / groups, filters]. */
  readonly transposed?: boolean;
  readonly convolve: (x: AnyTensor, filter: AnyTensor) => AnyTensor;
}

/** The options of every layer that convolves. */
export const CONVOLUTION_OPTIONS = [
  ...WEIGHT_OPTIONS,
  'strides',
  'dilations',
  'padding',
  'groups',
] as const;

export class ConvolutionLayer extends WeightedLayer {
  readonly type: string;
  private readonly kind: ConvolutionKind;
  private readonly kernelSize: readonly number[];

  constructor(kind: ConvolutionKind, options: WeightOptions) {
    super(kind.type, options);
    const { type, axes, filters, kernelSize, groups, moves } = kind;
    requireWhole(type, { filters, groups }, { from: 1 });
    this.type = type;
    this.kind = kind;
    this.kernelSize = sizesAlong(type, 'kernelSize', axes, kernelSize);
    noteSettings(this, { filters, kernelSize, ...moves, ...options });
  }

  protected override createVariables(shape: readonly number[]): void {
    const { type, axes, filters, groups, transposed } = this.kind;
    const channels = channelsOf(type, axes, shape);
    if (channels % groups !== 0 || filters % groups !== 0) {
      throw new ShapeError(
        `${type}: ${channels} channels and ${filters} filters do not make ${groups} equal groups.`,
      );
    }
    const last = transposed ? [filters / groups, channels] : [channels / groups, filters];
    this.createWeights([...this.kernelSize, ...last], filters);
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    channelsOf(this.type, this.kind.axes, x.shape);
    return this.finish(this.kind.convolve(x, this.weight.value), mode);
  }
}
