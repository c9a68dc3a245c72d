import { requireOptions, requireWhole } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import type { Part } from '../../tensor/random/part.ts';
import { namedValues, type Tensors } from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { type Batch, partsOf, type Source } from './batch.ts';

export interface BatchingOptions {
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
}

export interface EpochOptions {
  /** The position of the first batch: those before it are skipped without being made. Default 0. */
  readonly from?: number;
}

/** One rank of several: a `World`. */
interface Rank {
  readonly rank: number;
  readonly size: number;
}

/** A data set in batches; see `Dataset.batch`. */
export class BatchedDataset<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor> {
  /** How many batches an epoch has. */
  readonly length: number;
  /** How many examples a batch has; the last may have fewer. */
  readonly batchSize: number;
  private readonly source: Source<I, T> & { readonly seed: number };
  private readonly ahead: number;
  private readonly rank: Rank;

  /** Comes from `Dataset.batch`, not from here. */
  constructor(
    source: Source<I, T> & { readonly seed: number },
    batchSize: number,
    length: number,
    ahead: number,
    rank: Rank = { rank: 0, size: 1 },
  ) {
    this.source = source;
    this.batchSize = batchSize;
    this.length = length;
    this.ahead = ahead;
    this.rank = rank;
  }

  /**
   * The batches of an epoch, counted from 0. The batch at a position depends on nothing but the
   * seed of the shuffle, the epoch and the position: iterating twice gives the same batches.
   *
   * @throws ArgumentError where a number makes no sense; iterating, DataError where the source gives
   *   more or fewer examples than it was asked for.
   */
  epoch(epoch: number, options: EpochOptions = {}): AsyncIterable<Batch<I, T>> {
    requireOptions('epoch', options, ['from']);
    const { from = 0 } = options;
    requireWhole('epoch', { epoch, from }, { from: 0 });
    return { [Symbol.asyncIterator]: () => this.iterate(epoch, from) };
  }

  /**
   * The same batches, of which `count` are being made while the one before is worked on: for
   * sources that read files. Default 0.
   *
   * @throws ArgumentError where `count` makes no sense.
   */
  prefetch(count: number): BatchedDataset<I, T> {
    requireWhole('prefetch', { count }, { from: 0 });
    return new BatchedDataset(this.source, this.batchSize, this.length, count, this.rank);
  }

  /**
   * The part of each batch that is one rank's, by a world: examples that follow each other, of every
   * batch about as many. The parts of all ranks are the batch, with no example twice.
   */
  partOf({ rank, size }: Rank): BatchedDataset<I, T> {
    requireWhole('partOf', { rank }, { from: 0, below: size });
    return new BatchedDataset(this.source, this.batchSize, this.length, this.ahead, { rank, size });
  }

  private async *iterate(
    epoch: number,
    from: number,
  ): AsyncGenerator<Batch<I, T>, void, undefined> {
    const underway: Promise<Batch<I, T>>[] = [];
    let next = from;
    for (let step = from; step < this.length; step++) {
      while (next < this.length && next <= step + this.ahead) {
        const batch = this.at(epoch, next++);
        // A failure is told when its turn comes, or not at all if iteration stops before.
        batch.catch(() => {});
        underway.push(batch);
      }
      yield (await underway.shift()) as Batch<I, T>;
    }
  }

  private async at(epoch: number, step: number): Promise<Batch<I, T>> {
    const { source, batchSize, rank } = this;
    const first = step * batchSize;
    const whole = Math.min(batchSize, source.count - first);
    const part = rank.size > 1 ? partIn(whole, rank) : undefined;
    const from = first + (part?.from ?? 0);
    const count = part ? Math.max(1, part.count) : whole;
    const indices = Int32Array.from({ length: count }, (_, i) => from + i);
    const context = { seed: source.seed, epoch, step };
    const given = await source.get(indices, part ? { ...context, part } : context);
    const batch = part ? { ...given, part } : given;
    const found = partsOf(batch).flatMap(([part, tensors]) =>
      namedValues(tensors).map(([name, { shape }]) => ({ count: shape[0], part, name })),
    );
    if ([batch, ...found].every((own) => own.count === count)) return batch;
    const parts = found.map(({ count, part, name }) => `${count} ${part}${name && ` '${name}'`}`);
    throw new DataError(
      `epoch: batch ${step} was to have ${count} of the data set's ${source.count} examples, and came ` +
        `with ${parts.join(', ')} and the count ${batch.count}. Give as many as are asked for.`,
    );
  }
}

function partIn(of: number, { rank, size }: Rank): Part {
  const from = Math.floor((of * rank) / size);
  const count = Math.floor((of * (rank + 1)) / size) - from;
  return { from: Math.min(from, of - 1), count, of };
}
