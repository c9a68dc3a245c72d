import { inWords, requireNumber, requireOptions, requireWhole } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { cast } from '../../../tensor/ops/cast.ts';
import { tensor } from '../../../tensor/ops/creation.ts';
import { StreamingMoments } from '../../../tensor/ops/streaming-moments.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { Variable } from '../../../tensor/variable.ts';
import { Layer } from '../../layer.ts';

/** The least standard deviation that is divided by, as in Keras: features that are constant become 0. */
const LEAST_DEVIATION = 1e-7;

export interface NormalizationOptions {
  /** The mean of each feature, or of all; 0 until `adapt` finds it. */
  readonly mean?: number | readonly number[];
  /** The variance of each feature, or of all; 1 until `adapt` finds it. */
  readonly variance?: number | readonly number[];
}

export interface AdaptOptions {
  /** How many examples are read at once. Default 256. */
  readonly batchSize?: number;
}

/** What `adapt` reads: a `data.Dataset`, of which it takes one epoch's inputs. */
export interface InputBatches {
  /** The examples in batches. */
  batch(size: number): {
    /** The batches of one epoch. */
    epoch(epoch: number): AsyncIterable<{ readonly inputs: AnyTensor }>;
  };
}

/** The layer that {@link normalization} makes. */
export class Normalization extends Layer {
  readonly type = 'normalization';
  private readonly options: NormalizationOptions;
  private mean!: Variable;
  private variance!: Variable;

  constructor(options: NormalizationOptions) {
    super();
    requireOptions('normalization', options, ['mean', 'variance']);
    const { mean = 0, variance = 1 } = options;
    requireNumber('normalization', { mean });
    requireNumber('normalization', { variance }, { from: 0 });
    this.options = { ...options };
  }

  /**
   * Finds the mean and the variance (divided by their number) of each feature of a data set's inputs,
   * which may be larger than memory: they are read once, a batch at a time, and joined in f64. They
   * replace those that there were. Builds the layer if it is not built.
   * @throws ArgumentError where it is no data set, there is no example, or the batch size is not a whole
   *   number above 0.
   * @throws ShapeError where the features are others than those that the layer was built for.
   */
  async adapt(dataset: InputBatches, options: AdaptOptions = {}): Promise<void> {
    requireOptions('adapt', options, ['batchSize']);
    const { batchSize = 256 } = options;
    requireWhole('adapt', { batchSize }, { from: 1 });
    if (typeof dataset?.batch !== 'function') {
      throw new ArgumentError(
        `adapt: takes a data set, such as data.fromArrays(…), not in batches; got ${inWords(dataset)}.`,
      );
    }
    const moments = new StreamingMoments();
    for await (const { inputs } of dataset.batch(batchSize).epoch(0)) {
      if (moments.mean.length === 0) this.build(inputs.shape.slice(1));
      await moments.add(cast(inputs, 'f32'));
    }
    if (moments.mean.length === 0)
      throw new ArgumentError('adapt: the data set has no example to take the mean of.');
    this.mean.assign(tensor(Float32Array.from(moments.mean), this.mean.shape));
    this.variance.assign(tensor(Float32Array.from(moments.variance), this.variance.shape));
  }

  protected override createVariables(shape: readonly number[]): void {
    const features = shape.at(-1);
    if (features === undefined || shape.length < 2) {
      throw new ShapeError(`normalization: needs inputs [N, ..., features], got [${shape}].`);
    }
    const own = (name: 'mean' | 'variance', otherwise: number) => {
      const given = this.options[name] ?? otherwise;
      if (typeof given !== 'number' && given.length !== features) {
        throw new ShapeError(
          `normalization: ${given.length} numbers as ${name}, but inputs [${shape}] have ${features} features.`,
        );
      }
      const values = new Float32Array(features).map((_, i) =>
        typeof given === 'number' ? given : (given[i] as number),
      );
      return this.own(new Variable(tensor(values, [features]), { name, trainable: false }));
    };
    this.mean = own('mean', 0);
    this.variance = own('variance', 1);
  }

  protected compute(x: AnyTensor): AnyTensor {
    const deviation = this.variance.value.sqrt().maximum(LEAST_DEVIATION);
    return cast(x, 'f32').sub(this.mean.value).div(deviation);
  }
}

/**
 * (x − mean) / √variance for each feature, the last axis of inputs, [N, ..., features] → the same shape,
 * f32: by numbers that are given or that `adapt(dataset)` finds. They do not train, and are saved with the
 * weights, so that whoever loads the model need not know them.
 * @throws ArgumentError where a number is not finite, or a variance below 0.
 * @throws ShapeError where inputs have no features, or others than numbers are given for.
 */
export function normalization(options: NormalizationOptions = {}): Normalization {
  return new Normalization(options);
}
