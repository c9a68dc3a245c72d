import { requireNumber, requireOptions, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { ones, zeros } from '../../../tensor/ops/creation.ts';
import { mean } from '../../../tensor/ops/reductions.ts';
import { reshape } from '../../../tensor/ops/views.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../../../tensor/variable.ts';
import { Layer } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';

export interface NormOptions {
  /** Added to the variance before its root is taken. Default 1e-3, as in Keras. */
  readonly epsilon?: number;
}

/** Normalises each example by itself, then scales and shifts each feature. */
abstract class ExampleNorm extends Layer {
  private readonly epsilon: number;
  private weight!: AnyVariable;
  private bias!: AnyVariable;

  constructor(name: string, options: NormOptions) {
    super();
    requireOptions(name, options, ['epsilon']);
    const { epsilon = 1e-3 } = options;
    requireNumber(name, { epsilon }, { above: 0 });
    this.epsilon = epsilon;
    noteSettings(this, { epsilon });
  }

  protected override createVariables(shape: readonly number[]): void {
    const features = shape[shape.length - 1];
    if (features === undefined || shape.length < 2) {
      throw new ShapeError(`${this.type}: needs inputs [N, ..., features], got [${shape}].`);
    }
    this.weight = this.own(new Variable(ones([features]), { name: 'weight' }));
    this.bias = this.own(new Variable(zeros([features]), { name: 'bias' }));
  }

  /** Mean 0 and variance 1 over axes, then the scale and shift of each feature of `shape`. */
  protected normalize(x: AnyTensor, axes: readonly number[], shape: readonly number[]): AnyTensor {
    const centred = x.sub(mean(x, axes, true));
    const scale = squareScale(this.epsilon);
    const squares = centred.mul(scale).square();
    const spread = mean(squares, axes, true).add(this.epsilon * scale ** 2);
    const normal = reshape(centred.mul(spread.rsqrt().mul(scale)), shape);
    return normal.mul(this.weight.value).add(this.bias.value);
  }
}

/**
 * A power of two by which numbers as large as 1e30 may be multiplied before they are squared, and
 * epsilon with them: their squares are finite, and those that count beside epsilon above 2⁻¹²⁶.
 */
function squareScale(epsilon: number): number {
  return 2 ** Math.round(Math.log2(2 ** -100 / epsilon) / 2);
}

class LayerNorm extends ExampleNorm {
  readonly type = 'layerNorm';

  protected compute(x: AnyTensor): AnyTensor {
    return this.normalize(x, [x.rank - 1], x.shape);
  }
}

/**
 * Normalisation over the last axis (Ba et al., "Layer normalization", 2016), in training and
 * inference alike: [..., features] → the same shape.
 * @throws ArgumentError where epsilon is not above 0.
 * @throws ShapeError where inputs have no features.
 */
export function layerNorm(options: NormOptions = {}): Layer {
  return new LayerNorm('layerNorm', options);
}

class GroupNorm extends ExampleNorm {
  readonly type = 'groupNorm';
  private readonly groups: number;

  constructor(groups: number, options: NormOptions) {
    super('groupNorm', options);
    requireWhole('groupNorm', { groups }, { from: 1 });
    this.groups = groups;
  }

  protected override createVariables(shape: readonly number[]): void {
    super.createVariables(shape);
    const channels = sizeOf(shape, -1);
    if (channels % this.groups === 0) return;
    throw new ShapeError(
      `groupNorm: the ${channels} channels of [${shape}] do not make ${this.groups} equal groups.`,
    );
  }

  protected compute(x: AnyTensor): AnyTensor {
    const [batch, channels] = [sizeOf(x.shape, 0), sizeOf(x.shape, -1)];
    const places = x.shape.slice(1, -1).reduce((a, b) => a * b, 1);
    const grouped = reshape(x, [batch, places, this.groups, channels / this.groups]);
    return this.normalize(grouped, [1, 3], x.shape);
  }
}

/**
 * Normalisation of groups of channels over the whole image (Wu & He, "Group normalization", 2018),
 * in training and inference alike: [N, ..., C] → the same shape. One group is layer normalisation
 * of whole examples; as many as channels is instance normalisation.
 * @throws ArgumentError where epsilon is not above 0, or the groups are not a whole number above 0.
 * @throws ShapeError where the channels do not make so many groups.
 */
export function groupNorm(groups: number, options: NormOptions = {}): Layer {
  return new GroupNorm(groups, options);
}
