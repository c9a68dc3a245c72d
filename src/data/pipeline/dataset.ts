import { inWords, requireFunction, requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { RandomStream } from '../../tensor/random/stream.ts';
import { isTensors, type Tensors } from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { type AnySource, type Batch, type BatchContext, type Source, whenThere } from './batch.ts';
import { BatchedDataset, type BatchingOptions } from './batched.ts';
import { concatenated } from './concatenated.ts';
import { foldNumbers, stratifiedNumbers } from './folds.ts';
import { matching } from './matching.ts';
import { shuffledOrder } from './shuffled-order.ts';
import { stored } from './stored.ts';
import { type WindowOptions, windows } from './windows.ts';

/** Examples' numbers travel as i32. */
const MOST_EXAMPLES = 2 ** 31 - 1;

/** Tells the streams that split from the other uses of the same seed. */
const SPLIT_STREAM = 4;

/** Examples that a filter is asked of at once. */
const FILTERED_AT_ONCE = 256;

/** A batch alone, outside an epoch, is the first of the first. */
const ALONE: BatchContext = { seed: 0, epoch: 0, step: 0 };

/** A data set, whatever its examples are. */
export type AnyDataset = Dataset<Tensors, Tensors>;

/** What random orders follow from. */
interface SeedOptions {
  readonly seed?: number;
}

interface FoldOptions extends SeedOptions {
  /** The class of each example: each part then has its share of each, to within one. */
  readonly stratify?: ArrayLike<number>;
}

/** One division of a data set by `kFold`. */
export interface Fold<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor> {
  readonly train: Dataset<I, T>;
  readonly validation: Dataset<I, T>;
}

/**
 * Examples with random access: shuffling, splitting and resuming only compute numbers, and read
 * nothing. Every method gives a new data set and leaves this one as it is.
 */
export class Dataset<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor>
  implements Source<I, T>
{
  readonly count: number;
  /** What it was shuffled with last, or 0: `BatchContext.seed` of its batches. */
  readonly seed: number;
  /** Whether the same number is another example in each epoch. */
  readonly isShuffled: boolean;
  private readonly source: Source<I, T>;

  /** Any source will do; `fromImages`, `fromTensors` and `fromArrays` make the usual ones. */
  constructor(source: Source<I, T>, seed = 0, isShuffled = false) {
    requireWhole('Dataset', { count: source.count }, { from: 0, to: MOST_EXAMPLES });
    this.count = source.count;
    this.seed = seed;
    this.isShuffled = isShuffled;
    this.source = source;
  }

  /**
   * The examples of these numbers as one batch.
   *
   * @throws ArgumentError where a number is not in [0, count).
   */
  get(indices: Int32Array, context: BatchContext = ALONE): Batch<I, T> | Promise<Batch<I, T>> {
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
  map<J extends Tensors = AnyTensor, U extends Tensors = AnyTensor>(
    change: (batch: Batch<I, T>, context: BatchContext) => Batch<J, U>,
  ): Dataset<J, U> {
    requireFunction('map', 'change', change);
    const get: Source<J, U>['get'] = (indices, context) =>
      whenThere(this.source.get(indices, context), (batch) => {
        const changed = change(batch, context);
        if (isTensors(changed?.inputs) && isTensors(changed.targets)) return changed;
        throw new ArgumentError(
          `map: change must return a batch at once, as { ...batch, inputs }; got ${inWords(changed)}.`,
        );
      });
    return new Dataset({ count: this.count, get }, this.seed, this.isShuffled);
  }

  /** The first `count` examples, or all where there are no more. */
  take(count: number): Dataset<I, T> {
    requireWhole('take', { count }, { from: 0, to: MOST_EXAMPLES });
    return this.over(Math.min(count, this.count), (indices, context) =>
      this.source.get(indices, context),
    );
  }

  /** All but the first `count` examples. */
  skip(count: number): Dataset<I, T> {
    requireWhole('skip', { count }, { from: 0, to: MOST_EXAMPLES });
    return this.over(Math.max(this.count - count, 0), (indices, context) =>
      this.source.get(
        indices.map((index) => index + count),
        context,
      ),
    );
  }

  /**
   * The examples of these numbers, in this order; repeated ones are repeated. The numbers are copied.
   *
   * @throws ArgumentError where a number is not a whole number in [0, count).
   */
  select(numbers: ArrayLike<number>): Dataset<I, T> {
    if (typeof numbers !== 'object' || !Number.isInteger(numbers?.length)) {
      throw new ArgumentError(
        `select: takes the numbers of examples, as [0, 2, 5]; got ${inWords(numbers)}.`,
      );
    }
    const wanted = Array.from(numbers);
    requireWhole('select', { numbers: wanted }, { from: 0, below: this.count });
    return this.only(Int32Array.from(wanted));
  }

  /**
   * The examples that `keep` is true of, which is asked of whole batches, on the device: `await
   * set.filter(({ targets }) => targets.equal(3))`. Every example is asked for once, as in an epoch, so a
   * source of files reads them all; of tensors only what `keep` computes with is computed. Later epochs
   * read nothing for it. What a map draws at random is judged as in epoch 0.
   *
   * @throws ArgumentError where `keep` returns no bool [count], or the data set is shuffled: filter first.
   */
  async filter(keep: (batch: Batch<I, T>) => AnyTensor): Promise<Dataset<I, T>> {
    requireFunction('filter', 'keep', keep);
    this.requireOrder('filter');
    return this.only(await matching(this.batch(FILTERED_AT_ONCE).epoch(0), keep));
  }

  /**
   * Windows of examples that follow each other, as of a series to be forecast: inputs [count, size, …],
   * targets [count, …] or, with a `horizon`, [count, horizon, …], weights and masks as the targets. Each
   * is asked of the source when it is wanted, and examples are repeated where windows overlap: `cache()`
   * before it keeps them on the device once.
   *
   * @throws ArgumentError where the examples are fewer than one window takes with its targets, or are
   *   shuffled: shuffle the windows.
   */
  window(size: number, options: WindowOptions = {}): Dataset<I, T> {
    this.requireOrder('window');
    return this.like(windows(this, size, options));
  }

  /**
   * Two parts without a common example: most of them, and `fraction` of them (rounded to a whole
   * number) to validate with. Those are the last ones, or with a seed random ones; with `stratify`, which
   * takes the class of each example, their share of each class to within one.
   *
   * @throws ArgumentError where `fraction` is not in [0, 1], or `stratify` has not one label an example.
   */
  split(fraction: number, options: FoldOptions = {}): [Dataset<I, T>, Dataset<I, T>] {
    requireOptions('split', options, ['seed', 'stratify']);
    const { seed, stratify } = options;
    if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
      throw new ArgumentError(`split: the fraction must lie between 0 and 1, not ${fraction}.`);
    }
    const held = Math.round(this.count * fraction);
    const most = this.count - held;
    // No list of numbers, where all stay where they are.
    if (seed === undefined && stratify === undefined) return [this.take(most), this.skip(most)];
    const order =
      seed === undefined
        ? Int32Array.from({ length: this.count }, (_, i) => i)
        : new RandomStream(seed, SPLIT_STREAM).permutation(this.count);
    if (stratify !== undefined) {
      const { train, validation } = stratifiedNumbers(order, held, stratify);
      return [this.only(train), this.only(validation)];
    }
    const mixed = this.only(order);
    return [mixed.take(most), mixed.skip(most)];
  }

  /**
   * `k` divisions for cross-validation: each example is in the validation part of exactly one, and in
   * the training part of the others. The parts differ by at most one example in size; with a seed they
   * are random.
   *
   * @throws ArgumentError where `k` is not a whole number from 2 to `count`, or `stratify` has not one
   * label for each example.
   */
  kFold(k: number, options: FoldOptions = {}): Fold<I, T>[] {
    requireOptions('kFold', options, ['seed', 'stratify']);
    requireWhole('kFold', { k }, { from: 2, to: this.count });
    const { seed, stratify } = options;
    return foldNumbers(this.count, k, seed, stratify).map(({ train, validation }) => ({
      train: this.only(train),
      validation: this.only(validation),
    }));
  }

  /**
   * These examples, then those of another data set, which must have the same shapes and dtypes.
   * Each batch is asked of both.
   */
  concat(other: Dataset<I, T>): Dataset<I, T> {
    if (!(other instanceof Dataset)) {
      throw new ArgumentError(`concat: takes a data set, got ${inWords(other)}.`);
    }
    return this.like(concatenated(this, other), this.isShuffled || other.isShuffled);
  }

  /**
   * Keeps all examples on the device, in one tensor each for inputs and targets, once the first
   * is asked for: for sources and maps that are dear. What was random before it stays as it was
   * in the first epoch.
   *
   * The first batch throws `OutOfMemoryError` where the device cannot hold them.
   */
  cache(): Dataset<I, T> {
    const everything = Int32Array.from({ length: this.count }, (_, i) => i);
    const all = () => this.get(everything, { ...ALONE, seed: this.seed });
    return this.like(stored(this.count, all));
  }

  /**
   * The examples in a random order, another in each epoch. It depends on the seed (default 0) and
   * the epoch only.
   *
   * @throws DataError where the seed is not a whole number.
   */
  shuffle(options: SeedOptions = {}): Dataset<I, T> {
    requireOptions('shuffle', options, ['seed']);
    const { seed = 0 } = options;
    new RandomStream(seed); // a wrong seed throws here rather than in the middle of a loop
    let last: { readonly epoch: number; readonly order: Int32Array } | undefined;
    const orderOf = (epoch: number) => {
      if (last?.epoch !== epoch) last = { epoch, order: shuffledOrder(this.count, seed, epoch) };
      return last.order;
    };
    const get: Source<I, T>['get'] = (indices, context) =>
      this.source.get(picked(orderOf(context.epoch), indices), context);
    return new Dataset({ count: this.count, get }, seed, true);
  }

  /**
   * The examples in batches of `size`; the last may have fewer.
   *
   * @throws ArgumentError where `size` is not a whole number from 1.
   */
  batch(size: number, options: BatchingOptions = {}): BatchedDataset<I, T> {
    requireOptions('batch', options, ['dropLast']);
    const { dropLast = false } = options;
    requireWhole('batch', { size }, { from: 1, to: MOST_EXAMPLES });
    const batches = this.count / size;
    return new BatchedDataset(this, size, dropLast ? Math.floor(batches) : Math.ceil(batches), 0);
  }

  /** The examples of these numbers, in this order. */
  private only(numbers: Int32Array): Dataset<I, T> {
    return this.over(numbers.length, (indices, context) =>
      this.source.get(picked(numbers, indices), context),
    );
  }

  private over(count: number, get: Source<I, T>['get']): Dataset<I, T> {
    return new Dataset({ count, get }, this.seed, this.isShuffled);
  }

  /** Of a source of examples in the same arrangement. */
  private like(source: AnySource, isShuffled = false): Dataset<I, T> {
    return new Dataset(source as Source<I, T>, this.seed, isShuffled);
  }

  private requireOrder(caller: string): void {
    if (!this.isShuffled) return;
    throw new ArgumentError(
      `${caller}: the data set is shuffled, and its numbers are other examples in each epoch. Use ${caller} first, then shuffle.`,
    );
  }
}

function picked(order: Int32Array, indices: Int32Array): Int32Array {
  return indices.map((index) => order[index] as number);
}
