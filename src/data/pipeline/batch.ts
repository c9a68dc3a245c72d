import type { AnyTensor } from '../../tensor/tensor.ts';

/** Examples that are trained on together. The tensors are lazy, as all are. */
export interface Batch {
  /** Shape [count, …]. */
  readonly inputs: AnyTensor;
  /** Shape [count, …]. */
  readonly targets: AnyTensor;
  readonly count: number;
}

/** Where a batch stands in a training run: all that random changes to it may depend on. */
export interface BatchContext {
  /** What the data set was shuffled with; 0 where it was not. */
  readonly seed: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The batch's position in its epoch, counted from 0. */
  readonly step: number;
}

/** What a data set is made of: examples that can be had in any order. */
export interface Source {
  readonly count: number;
  /**
   * The examples of these numbers, i32 in [0, count), in this order; repeated ones are repeated.
   * For as many numbers it builds the same graph, so that a training loop is planned once. It may
   * fill the same arrays for each batch: `tensor` copies them.
   */
  get(indices: Int32Array, context: BatchContext): Batch | Promise<Batch>;
}

/** What lies behind a batch that may not be there yet; at once where it is. */
export function whenThere(
  batch: Batch | Promise<Batch>,
  next: (batch: Batch) => Batch,
): Batch | Promise<Batch> {
  return batch instanceof Promise ? batch.then(next) : next(batch);
}
