import { requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { type Recording, type Repeated, recording } from '../../graph/execution/recording.ts';
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
  refuseWithin('sets the seed of random numbers');
  globalSeed = seed;
  globalStream = 0;
}

/** The state behind {@link seed}, to be stored with a checkpoint. */
export function state(): RandomState {
  return { seed: globalSeed, stream: globalStream };
}

/**
 * Restores what `random.state` gave.
 * @throws ArgumentError where it is no such state.
 */
export function setState(state: RandomState): void {
  requireOptions('random.setState', state, ['seed', 'stream']);
  requireWhole('random.setState', { seed: state?.seed, stream: state?.stream });
  refuseWithin('sets the state of random numbers');
  globalSeed = state.seed;
  globalStream = state.stream;
}

function refuseWithin(what: string): void {
  recording()?.refuse(
    new ArgumentError(
      `compile: the function ${what}, which would happen at its first call alone. Do it before, outside of the function.`,
    ),
    true,
  );
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
  /** The draws it is one of, where a recording goes on with others each time. */
  readonly drawn?: Draws | undefined;
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
  const drawn = Draws.now();
  if (drawn) drawn.count++;
  return { seedLow: key >>> 0, seedHigh: high, stream: globalStream++ >>> 0, drawn };
}

/** The scalars of a stream's numbers. The second `half` of a stream shares no number with the first. */
export function streamScalars(from: DeviceStream, half: 0 | 1) {
  const { seedLow, seedHigh, stream, drawn } = from;
  const scalars = { seedLow, seedHigh: (seedHigh ^ (half * 0x80000000)) >>> 0, stream };
  drawn?.note(scalars, stream, half);
  return scalars;
}

type StreamScalars = Readonly<Record<'seedLow' | 'seedHigh' | 'stream', number>>;

/** What a recorded function draws of the program's sequence: as many streams further each time. */
class Draws implements Repeated {
  /** How many streams it draws. */
  count = 0;
  private readonly first = globalStream;
  private readonly made: { scalars: StreamScalars; stream: number; half: 0 | 1 }[] = [];
  private static readonly within = new WeakMap<Recording, Draws>();

  /** Those of what records at this moment. */
  static now(): Draws | undefined {
    const recorder = recording();
    if (!recorder) return undefined;
    let draws = Draws.within.get(recorder);
    if (!draws) {
      draws = new Draws();
      Draws.within.set(recorder, draws);
      recorder.repeat(draws);
    }
    return draws;
  }

  note(scalars: StreamScalars, stream: number, half: 0 | 1): void {
    this.made.push({ scalars, stream, half });
  }

  holds(): boolean {
    return true;
  }

  next(): [StreamScalars, StreamScalars][] {
    const streams = Array.from({ length: this.count }, () => deviceStream({}));
    return this.made.map(({ scalars, stream, half }) => [
      scalars,
      streamScalars(streams[stream - this.first] as DeviceStream, half),
    ]);
  }

  /** Numbers that were drawn are not drawn again. */
  undo(): void {}
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
  refuseWithin('draws random numbers on the host, as permutations and orthogonal weights are');
  return new RandomStream(key, OF_PROGRAM, globalStream++);
}
