import { RandomStream } from '../../tensor/random/stream.ts';

/** Tells the shuffling streams from the other uses of the same seed. */
const SHUFFLE_STREAM = 1;

/**
 * The numbers 0 … count-1 in the order in which an epoch visits them, the same on every platform.
 *
 * @throws DataError where the seed is no safe integer
 */
export function shuffledOrder(count: number, seed: number, epoch: number): Int32Array {
  return new RandomStream(seed, SHUFFLE_STREAM, epoch).permutation(count);
}
