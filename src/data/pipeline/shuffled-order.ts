import { DataError } from '../../errors.ts';
import { RandomStream } from '../../tensor/random/stream.ts';

export interface BatchOptions {
  /** Items in a batch, at least 1. */
  batchSize: number;
  /** Visit the items in a random order. Default false: 0, 1, 2, … */
  shuffle?: boolean;
  /** Which family of orders; a safe integer, default 0. */
  seed?: number;
  /** Which order of the family: each epoch has its own. A whole number from 0, default 0. */
  epoch?: number;
  /** Leave out a last batch that is not full. Default false. */
  dropLast?: boolean;
}

/** The batches of one epoch. Iterating twice gives the same batches. */
export interface Batches extends Iterable<Int32Array> {
  /** How many batches there are. */
  readonly length: number;
}

/** Tells the shuffling streams from the other uses of the same seed. */
const SHUFFLE_STREAM = 1;

/**
 * The item numbers 0 … count-1, each once, cut into batches (each an i32 array of its own).
 * The same `seed` and `epoch` give the same order on every platform.
 *
 * Throws `DataError` at once where a number makes no sense.
 */
export function batches(count: number, options: BatchOptions): Batches {
  const { batchSize, shuffle = false, seed = 0, epoch = 0, dropLast = false } = options;
  requireWhole('count', count, 0);
  requireWhole('batchSize', batchSize, 1);
  requireWhole('epoch', epoch, 0);
  new RandomStream(seed); // a wrong seed throws here rather than in the middle of a loop
  const length = dropLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
  return {
    length,
    *[Symbol.iterator]() {
      const order = shuffle ? shuffledOrder(count, seed, epoch) : inOrder(count);
      for (let batch = 0; batch < length; batch++) {
        yield order.slice(batch * batchSize, (batch + 1) * batchSize);
      }
    },
  };
}

/** The numbers 0 … count-1 in the order in which an epoch visits them. */
export function shuffledOrder(count: number, seed: number, epoch: number): Int32Array {
  return new RandomStream(seed, SHUFFLE_STREAM, epoch).permutation(count);
}

function inOrder(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, item) => item);
}

/** Item numbers travel as i32, so that is the largest number of anything here. */
const LARGEST = 2 ** 31 - 1;

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= LARGEST) return;
  throw new DataError(
    `batches: ${name} must be a whole number from ${least} to ${LARGEST}, not ${value}.`,
  );
}
