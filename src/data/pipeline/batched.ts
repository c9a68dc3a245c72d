import { requireOptions, requireWhole } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import type { Batch, Source } from './batch.ts';

export interface BatchingOptions {
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
}

export interface EpochOptions {
  /** The position of the first batch: those before it are skipped without being made. Default 0. */
  readonly from?: number;
}

/** A data set in batches; see `Dataset.batch`. */
export class BatchedDataset {
  /** How many batches an epoch has. */
  readonly length: number;
  /** How many examples a batch has; the last may have fewer. */
  readonly batchSize: number;
  private readonly source: Source & { readonly seed: number };
  private readonly ahead: number;

  /** Comes from `Dataset.batch`, not from here. */
  constructor(
    source: Source & { readonly seed: number },
    batchSize: number,
    length: number,
    ahead: number,
  ) {
    this.source = source;
    this.batchSize = batchSize;
    this.length = length;
    this.ahead = ahead;
  }

  /**
   * The batches of an epoch, counted from 0. The batch at a position depends on nothing but the
   * seed of the shuffle, the epoch and the position: iterating twice gives the same batches.
   *
   * @throws ArgumentError where a number makes no sense; iterating, DataError where the source gives
   *   more or fewer examples than it was asked for.
   */
  epoch(epoch: number, options: EpochOptions = {}): AsyncIterable<Batch> {
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
  prefetch(count: number): BatchedDataset {
    requireWhole('prefetch', { count }, { from: 0 });
    return new BatchedDataset(this.source, this.batchSize, this.length, count);
  }

  private async *iterate(epoch: number, from: number): AsyncGenerator<Batch, void, undefined> {
    const underway: Promise<Batch>[] = [];
    let next = from;
    for (let step = from; step < this.length; step++) {
      while (next < this.length && next <= step + this.ahead) {
        const batch = this.at(epoch, next++);
        // A failure is told when its turn comes, or not at all if iteration stops before.
        batch.catch(() => {});
        underway.push(batch);
      }
      yield (await underway.shift()) as Batch;
    }
  }

  private async at(epoch: number, step: number): Promise<Batch> {
    const { source, batchSize } = this;
    const first = step * batchSize;
    const count = Math.min(batchSize, source.count - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    const batch = await source.get(indices, { seed: source.seed, epoch, step });
    const [inputs, targets] = [batch.inputs.shape[0], batch.targets.shape[0]];
    if ([batch.count, inputs, targets].every((own) => own === count)) return batch;
    throw new DataError(
      `epoch: batch ${step} was to have ${count} of the data set's ${source.count} examples, and came ` +
        `with ${inputs} inputs, ${targets} targets and the count ${batch.count}. Give as many as are asked for.`,
    );
  }
}
