import { requireOptions, requireWhole } from '../../arguments.ts';
import { RandomStream } from './stream.ts';

let globalSeed = 0;
let globalStream = 0;

/** Where the program's own sequence of random numbers stands. */
export interface RandomState {
  readonly seed: number;
  readonly stream: number;
}

/**
 * Seeds every random tensor made without a seed of its own: same seed, same program, same numbers.
 * @throws ArgumentError where it is not a whole number.
 */
export function seed(seed: number): void {
  requireWhole('random.seed', { seed });
  globalSeed = seed;
  globalStream = 0;
}

/** The state behind {@link seed}, to be stored with a checkpoint. */
export function state(): RandomState {
  return { seed: globalSeed, stream: globalStream };
}

/**
 * Restores what {@link state} gave.
 * @throws ArgumentError where it is no such state.
 */
export function setState(state: RandomState): void {
  requireOptions('random.setState', state, ['seed', 'stream']);
  requireWhole('random.setState', { seed: state?.seed, stream: state?.stream });
  globalSeed = state.seed;
  globalStream = state.stream;
}

export interface RandomOptions {
  /** The seed, a whole number; without one, the numbers continue the program's own sequence. */
  readonly seed?: number;
}

function keyOf(seed = globalSeed): number {
  requireWhole('random', { seed });
  return seed;
}

/** Where numbers drawn on the device start: the words of Philox's key, and its stream. */
export interface DeviceStream {
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly stream: number;
}

/**
 * The next stream of numbers for what is drawn on the device.
 * @throws ArgumentError where the seed is not a whole number.
 */
export function deviceStream({ seed }: RandomOptions): DeviceStream {
  const key = keyOf(seed);
  const high = Math.floor(key / 2 ** 32) >>> 0;
  // Explicit seeds use another key than the program's sequence, so that the two never meet.
  if (seed !== undefined) return { seedLow: key >>> 0, seedHigh: high ^ 0x5eed, stream: 0 };
  return { seedLow: key >>> 0, seedHigh: high, stream: globalStream++ >>> 0 };
}

// Tell numbers drawn on the host apart by where their seed is from.
const OF_PROGRAM = 0x70726f67;
const OF_SEED = 0x73656564;

/**
 * The next stream of numbers for what is drawn on the host.
 * @throws ArgumentError where the seed is not a whole number.
 */
export function hostStream({ seed }: RandomOptions = {}): RandomStream {
  const key = keyOf(seed);
  if (seed !== undefined) return new RandomStream(key, OF_SEED);
  return new RandomStream(key, OF_PROGRAM, globalStream++);
}
