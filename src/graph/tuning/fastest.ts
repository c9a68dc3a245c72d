import type { Device } from '../../device/device.ts';
import { WgradError } from '../../errors.ts';
import type { HostArray } from '../../kernels/dtype.ts';
import type { Launches } from '../../kernels/launch.ts';
import { BoundLaunches, type Operands } from './bound-launches.ts';

/** A problem that can be computed in several ways, the best guess first. */
export interface Contest extends Operands {
  readonly ways: ReadonlyMap<string, () => Launches>;
}

/** Milliseconds that a measurement takes at least: clocks may count in steps of 0.07. */
const LONG_ENOUGH = 2;
const MOST_REPEATS = 500;
const ROUNDS = 3;
/** What is slower than the best by this after the first round is out. */
const HOPELESS = 1.5;
/** What gains less than this over the guess may have been lucky. */
const WORTH_IT = 0.97;
/** Sums in another order differ by less, relative to the largest result. */
const TOLERANCE = 1e-3;

interface Entrant {
  readonly name: string;
  readonly bound: BoundLaunches;
  best: number;
}

/**
 * The fastest way on a device; the guess where nothing is clearly faster. Ways whose results differ from
 * the guess's, or that the device cannot run, are out of the question.
 * @throws what the guess throws
 */
export async function fastest(device: Device, contest: Contest): Promise<string> {
  const entrants: Entrant[] = [];
  let expected: HostArray | undefined;
  try {
    for (const [name, launches] of contest.ways) {
      const entrant = await entered(device, name, launches(), contest, expected === undefined);
      if (!entrant) continue;
      const { bound } = entrant;
      entrants.push(entrant);
      await timed(device, bound, 1); // Some drivers compile in the first run.
      const result = await bound.result();
      expected ??= result;
      if (!agree(result, expected)) entrants.pop()?.bound.destroy();
    }
    return await race(device, entrants);
  } finally {
    for (const { bound } of entrants) bound.destroy();
  }
}

/** @throws what the guess throws; another that cannot be run is undefined */
async function entered(
  device: Device,
  name: string,
  launches: Launches,
  operands: Operands,
  isGuess: boolean,
): Promise<Entrant | undefined> {
  try {
    const bound = await BoundLaunches.bind(device, launches, operands);
    return { name, bound, best: Number.POSITIVE_INFINITY };
  } catch (error) {
    if (isGuess || !(error instanceof WgradError)) throw error;
    return undefined;
  }
}

/** Takes turns, so that all meet the same conditions. */
async function race(device: Device, entrants: readonly Entrant[]): Promise<string> {
  const guess = entrants[0] as Entrant;
  let running = entrants;
  for (let round = 0; round < ROUNDS && running.length > 1; round++) {
    for (const entrant of running) {
      const once = await timed(device, entrant.bound, 1);
      const repeats = Math.ceil(LONG_ENOUGH / Math.max(once, LONG_ENOUGH / MOST_REPEATS));
      entrant.best = Math.min(entrant.best, await timed(device, entrant.bound, repeats));
    }
    const best = Math.min(...running.map(({ best }) => best));
    running = running.filter((one) => one === guess || one.best <= HOPELESS * best);
  }
  return settled(guess, running).name;
}

/** The fastest of some, or the guess where that gains too little. */
export function settled<E extends { readonly best: number }>(guess: E, measured: readonly E[]): E {
  const winner = measured.reduce((a, b) => (b.best < a.best ? b : a));
  return winner.best < WORTH_IT * guess.best ? winner : guess;
}

/** Milliseconds of one of so many runs. */
async function timed(device: Device, bound: BoundLaunches, times: number): Promise<number> {
  const recording = bound.record(times);
  try {
    const { dispatches, submitted, finished } = await device.time(recording, []);
    const whole = dispatches?.reduce((sum, took) => sum + took, 0) ?? finished - submitted;
    return whole / times;
  } finally {
    recording.destroy();
  }
}

/** Whether results are the same but for the order of sums; of whole numbers that changes nothing. */
export function agree(result: HostArray, expected: HostArray): boolean {
  let largest = 0;
  if (expected instanceof Float32Array)
    for (const value of expected) largest = Math.max(largest, Math.abs(value));
  return (
    result.length === expected.length &&
    result.every((value, i) => Math.abs(value - (expected[i] as number)) <= TOLERANCE * largest)
  );
}
