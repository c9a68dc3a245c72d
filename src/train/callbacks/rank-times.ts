import type { World } from '../../distributed/world.ts';
import { shared } from '../ranks/agreement.ts';
import type { Callback } from './callback.ts';

/** What one of several ranks has done with the time of its training steps, in seconds. */
export interface RankTimes {
  readonly rank: number;
  /** The name of its machine. */
  readonly host: string;
  /** How many examples it has trained on. */
  readonly examples: number;
  /** For all that is its own: steps on its part of each batch, reading data, callbacks. */
  readonly computing: number;
  /** In MPI beyond what the rank that waited least in the same step has spent there: for slower ranks. */
  readonly waiting: number;
  /** In MPI besides, to reduce gradients and metrics. */
  readonly reducing: number;
}

/**
 * Measures what every rank does with its time, validation left out; `ranks` has it after each whole epoch, on
 * all of them, and `writeReport` shows it where it is the `ranks.json` of a run. A training that goes on from
 * a checkpoint counts anew. Without `world` there is one rank, which never waits.
 */
export function rankTimes(): Callback & { readonly ranks: RankTimes[] } {
  const ranks: RankTimes[] = [];
  /** Of each step of the epoch at hand: seconds in MPI. */
  let inMpi: number[] = [];
  let [examples, computing, waiting, reducing] = [0, 0, 0, 0];
  let last = { time: 0, mpi: 0 };
  const now = (world: World | undefined) => ({
    time: performance.now() / 1000,
    mpi: world?.seconds ?? 0,
  });
  return {
    name: 'rankTimes',
    ranks,
    onEpochBegin({ world }) {
      inMpi = [];
      last = now(world);
    },
    onStepEnd({ world, batch }) {
      const { time, mpi } = now(world);
      inMpi.push(mpi - last.mpi);
      computing += time - last.time - (mpi - last.mpi);
      examples += batch?.part?.count ?? batch?.count ?? 0;
      last = { time, mpi };
    },
    async onEpochEnd({ world }) {
      const least = Float64Array.from(inMpi);
      await world?.allReduce(least, 'min');
      least.forEach((reduced, step) => {
        reducing += reduced;
        waiting += (inMpi[step] ?? 0) - reduced;
      });
      const own = { rank: world?.rank ?? 0, examples, computing, waiting, reducing };
      ranks.splice(0, ranks.length, ...(await ofAll(own, world)));
    },
  };
}

/** What all ranks have to say of themselves, in their order. */
async function ofAll(
  own: Omit<RankTimes, 'host'>,
  world: World | undefined,
): Promise<readonly RankTimes[]> {
  const { hostname } = await import('node:os');
  const mine: RankTimes = { host: hostname(), ...own };
  if (!world) return [mine];
  const all: RankTimes[] = [];
  for (let rank = 0; rank < world.size; rank++) {
    all.push(JSON.parse(await shared(world, JSON.stringify(mine), rank)));
  }
  return all;
}
