import { requireNumber, requireOptions } from '../../../arguments.ts';
import { ones, zeros } from '../../../tensor/ops/creation.ts';
import { batchNormInference, batchNorm as normalize } from '../../../tensor/ops/normalization.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../../../tensor/variable.ts';
import { Layer, type Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';

export interface BatchNormOptions {
  /** How much of the running statistics each batch leaves. Default 0.99, as in Keras. */
  readonly momentum?: number;
  /** Added to the variance before its root is taken. Default 1e-3, as in Keras. */
  readonly epsilon?: number;
}

class BatchNorm extends Layer {
  readonly type = 'batchNorm';
  private readonly momentum: number;
  private readonly epsilon: number;
  private weight!: AnyVariable;
  private bias!: AnyVariable;
  private mean!: AnyVariable;
  private variance!: AnyVariable;

  constructor(options: BatchNormOptions) {
    super();
    requireOptions('batchNorm', options, ['momentum', 'epsilon']);
    const { momentum = 0.99, epsilon = 1e-3 } = options;
    requireNumber('batchNorm', { momentum }, { from: 0, to: 1 });
    requireNumber('batchNorm', { epsilon }, { above: 0 });
    this.momentum = momentum;
    this.epsilon = epsilon;
    noteSettings(this, { momentum, epsilon });
  }

  protected override createVariables(shape: readonly number[]): void {
    const channels = [sizeOf(shape, -1)] as const;
    const own = (name: string, initial: AnyTensor, trainable = true) =>
      this.own(new Variable(initial, { name, trainable }));
    this.weight = own('weight', ones(channels));
    this.bias = own('bias', zeros(channels));
    this.mean = own('running_mean', zeros(channels), false);
    this.variance = own('running_var', ones(channels), false);
  }

  protected compute(x: AnyTensor, { training }: Mode): AnyTensor {
    const { weight, bias, mean, variance, momentum, epsilon } = this;
    if (!training || !this.trainable) {
      const statistics = { mean: mean.value, variance: variance.value };
      return batchNormInference(x, statistics, weight.value, bias.value, epsilon);
    }
    const batch = normalize(x, weight.value, bias.value, epsilon);
    mean.assign(mean.value.mul(momentum).add(batch.mean.mul(1 - momentum)));
    variance.assign(variance.value.mul(momentum).add(batch.variance.mul(1 - momentum)));
    return batch.output;
  }
}

/**
 * Batch normalisation over all axes but the last. In training it uses the batch's statistics and
 * updates running ones, which inference uses (Ioffe & Szegedy, "Batch normalization", 2015). Frozen, it
 * does in training what it does in inference.
 * @throws ArgumentError where the momentum is not from 0 to 1, or epsilon not above 0.
 */
export function batchNorm(options: BatchNormOptions = {}): Layer {
  return new BatchNorm(options);
}
