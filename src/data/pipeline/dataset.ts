import { inWords, requireFunction, requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { RandomStream } from '../../tensor/random/stream.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type Batch, type BatchContext, type Source, whenThere } from './batch.ts';
import { BatchedDataset, type BatchingOptions } from './batched.ts';
import { concatenated } from './concatenated.ts';
import { shuffledOrder } from './shuffled-order.ts';
import { stored } from './stored.ts';

/** Examples' numbers travel as i32. */
const MOST_EXAMPLES = 2 ** 31 - 1;

/** Tells the streams that split from the other uses of the same seed. */
const SPLIT_STREAM = 4;

/** A batch alone, outside an epoch, is the first of the first. */
const ALONE: BatchContext = { seed: 0, epoch: 0, step: 0 };

/** What random orders follow from. */
interface SeedOptions {
  readonly seed?: number;
}

/**
 * Examples with random access: shuffling, splitting and resuming only compute numbers, and read
 * nothing. Every method gives a new data set and leaves this one as it is.
 */
export class Dataset implements Source {
  readonly count: number;
  /** What it was shuffled with last, or 0: `BatchContext.seed` of its batches. */
  readonly seed: number;
  private readonly source: Source;

  /** Any source will do; `fromImages`, `fromTensors` and `fromArrays` make the usual ones. */
  constructor(source: Source, seed = 0) {
    requireWhole('Dataset', { count: source.count }, { from: 0, to: MOST_EXAMPLES });
    this.count = source.count;
    this.seed = seed;
    this.source = source;
  }

  /**
   * The examples of these numbers as one batch.
   *
   * @throws ArgumentError where a number is not in [0, count).
   */
  get(indices: Int32Array, context: BatchContext = ALONE): Batch | Promise<Batch> {
    if (!(indices instanceof Int32Array)) {
      throw new ArgumentError(
        `get: takes the numbers of examples, such as Int32Array.of(0, 1); got ${inWords(indices)}.`,
      );
    }
    const wrong = indices.find((index) => index < 0 || index >= this.count);
    if (wrong !== undefined) {
      throw new ArgumentError(
        `get: there is no example ${wrong}; the data set has ${this.count}, numbered from 0.`,
      );
    }
    return this.source.get(indices, context);
  }

  /**
   * Each batch changed by a function of whole batches, on the device. What is random in it must
   * follow from the context, and reach the graph as seeds: then nothing is planned anew.
   */
  map(change: (batch: Batch, context: BatchContext) => Batch): Dataset {
    requireFunction('map', 'change', change);
    return this.over(this.count, (indices, context) =>
      whenThere(this.source.get(indices, context), (batch) => {
        const changed = change(batch, context);
        if (changed?.inputs instanceof Tensor && changed.targets instanceof Tensor) return changed;
        throw new ArgumentError(
          `map: change must return a batch at once, as { ...batch, inputs }; got ${inWords(changed)}.`,
        );
      }),
    );
  }

  /** The first `count` examples, or all where there are no more. */
  take(count: number): Dataset {
    requireWhole('take', { count }, { from: 0, to: MOST_EXAMPLES });
    return this.over(Math.min(count, this.count), (indices, context) =>
      this.source.get(indices, context),
    );
  }

  /** All but the first `count` examples. */
  skip(count: number): Dataset {
    requireWhole('skip', { count }, { from: 0, to: MOST_EXAMPLES });
    return this.over(Math.max(this.count - count, 0), (indices, context) =>
      this.source.get(
        indices.map((index) => index + count),
        context,
      ),
    );
  }

  /**
   * Two parts without a common example: most of them, and `fraction` of them (rounded to a whole
   * number) to validate with. Those are the last ones, or with a seed random ones.
   *
   * @throws ArgumentError where `fraction` is not in [0, 1].
   */
  split(fraction: number, options: SeedOptions = {}): [Dataset, Dataset] {
    requireOptions('split', options, ['seed']);
    const { seed } = options;
    if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
      throw new ArgumentError(`split: the fraction must lie between 0 and 1, not ${fraction}.`);
    }
    const most = this.count - Math.round(this.count * fraction);
    if (seed === undefined) return [this.take(most), this.skip(most)];
    const order = new RandomStream(seed, SPLIT_STREAM).permutation(this.count);
    const mixed = this.over(this.count, (indices, context) =>
      this.source.get(picked(order, indices), context),
    );
    return [mixed.take(most), mixed.skip(most)];
  }

  /**
   * These examples, then those of another data set, which must have the same shapes and dtypes.
   * Each batch is asked of both.
   */
  concat(other: Dataset): Dataset {
    if (!(other instanceof Dataset)) {
      throw new ArgumentError(`concat: takes a data set, got ${inWords(other)}.`);
    }
    return new Dataset(concatenated(this, other), this.seed);
  }

  /**
   * Keeps all examples on the device, in one tensor each for inputs and targets, once the first
   * is asked for: for sources and maps that are dear. What was random before it stays as it was
   * in the first epoch.
   *
   * The first batch throws `OutOfMemoryError` where the device cannot hold them.
   */
  cache(): Dataset {
    const everything = Int32Array.from({ length: this.count }, (_, i) => i);
    const all = () => this.get(everything, { ...ALONE, seed: this.seed });
    return new Dataset(stored(this.count, all), this.seed);
  }

  /**
   * The examples in a random order, another in each epoch. It depends on the seed (default 0) and
   * the epoch only.
   *
   * @throws DataError where the seed is not a whole number.
   */
  shuffle(options: SeedOptions = {}): Dataset {
    requireOptions('shuffle', options, ['seed']);
    const { seed = 0 } = options;
    new RandomStream(seed); // a wrong seed throws here rather than in the middle of a loop
    let last: { readonly epoch: number; readonly order: Int32Array } | undefined;
    const orderOf = (epoch: number) => {
      if (last?.epoch !== epoch) last = { epoch, order: shuffledOrder(this.count, seed, epoch) };
      return last.order;
    };
    const get: Source['get'] = (indices, context) =>
      this.source.get(picked(orderOf(context.epoch), indices), context);
    return new Dataset({ count: this.count, get }, seed);
  }

  /**
   * The examples in batches of `size`; the last may have fewer.
   *
   * @throws ArgumentError where `size` is not a whole number from 1.
   */
  batch(size: number, options: BatchingOptions = {}): BatchedDataset {
    requireOptions('batch', options, ['dropLast']);
    const { dropLast = false } = options;
    requireWhole('batch', { size }, { from: 1, to: MOST_EXAMPLES });
    const batches = this.count / size;
    return new BatchedDataset(this, size, dropLast ? Math.floor(batches) : Math.ceil(batches), 0);
  }

  private over(count: number, get: Source['get']): Dataset {
    return new Dataset({ count, get }, this.seed);
  }
}

function picked(order: Int32Array, indices: Int32Array): Int32Array {
  return indices.map((index) => order[index] as number);
}
