import { requireNumber, requireOptions } from '../arguments.ts';
import { DistributedError } from '../errors.ts';
import { alone, type Connection } from './connection.ts';
import { finalizerOf } from './finalize.ts';
import { inParts } from './in-parts.ts';
import { launchIn, threadsIn } from './launcher.ts';
import { inheritSocket } from './launcher-socket.ts';
import { type IsDone, loadMpi, type MpiLibrary } from './mpi-library.ts';
import { World } from './world.ts';

export interface MpiOptions {
  /**
   * Seconds that a call may wait for the other ranks: after those this rank takes one of them, or the way
   * to it, for dead, and ends the program. Default: 1800.
   */
  readonly timeout?: number;
}

/** A call is asked so often without a pause whether it has ended: to go through the event loop takes longer. */
const EAGER = 200;
/** After so many milliseconds it is asked once a millisecond: the processor may be wanted by others. */
const PATIENT_AFTER = 50;

let joined: { readonly world: Promise<World>; readonly timeout: number } | undefined;

/**
 * Joins the ranks that `mpirun`, `srun` and their like have started this program as, by the MPI that
 * started it: MPICH (and its kin) or Open MPI, or the library that `WGRAD_MPI` names. Without such a
 * launcher there is one rank, and no MPI is needed. The ranks of a machine share its processors: where
 * `WGRAD_THREADS` does not say it, each computes on its part of them.
 *
 * A rank that ends with an error ends all of them; one that ends well waits for the others.
 *
 * Node only. Called again it gives the same world.
 * @throws DistributedError where MPI cannot be loaded, is not the one that started the program, `srun` has
 *   started several without it, or the world is there already with another timeout;
 *   MissingPackageError without the package koffi
 */
export async function mpi(options: MpiOptions = {}): Promise<World> {
  requireOptions('mpi', options, ['timeout']);
  const { timeout = joined?.timeout ?? 1800 } = options;
  requireNumber('mpi', { timeout }, { above: 0 });
  joined ??= { world: join(timeout).then((one) => new World(inParts(one))), timeout };
  const world = await joined.world;
  if (timeout === joined.timeout) return world;
  throw new DistributedError(
    `mpi: the ranks are joined already, with a timeout of ${joined.timeout} s; got one of ${timeout} s. ` +
      'Give it in the first call; later ones do without.',
  );
}

async function join(timeout: number): Promise<Connection> {
  const { env } = process;
  const launch = launchIn(env);
  if (!launch && !env.WGRAD_MPI) return alone;
  // UCX, by which MPICH may send, would watch the process' memory and take signals that are V8's.
  env.UCX_MEM_EVENTS ??= 'no';
  env.UCX_ERROR_SIGNALS ??= '';
  // Between hosts it sends so much at a time, 8 KiB by itself: what is under way beside kernels is seldom looked after.
  env.UCX_TCP_TX_SEG_SIZE ??= '256k';
  env.UCX_TCP_RX_SEG_SIZE ??= '256k';
  await inheritSocket(env);
  const library = await loadMpi(launch?.kind, env.WGRAD_MPI);
  const { rank, size } = library.initialise();
  const wanted = launch?.size ?? size;
  if (size !== wanted) {
    throw new DistributedError(
      `The launcher has started ${wanted} ranks, and ${library.name} sees ${size}: it is another MPI's. ` +
        `Start with that one's mpirun, or name the launcher's library by WGRAD_MPI.`,
    );
  }
  await shareProcessors(env, size);
  const calls = callsOf(library, { rank, size, timeout });
  let isFinal = false;
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.listenerCount('uncaughtException') === 0 && !isFinal) calls.abort(error);
  });
  const end = await finalizerOf(library, env, size);
  process.once('exit', (code) => {
    if (!isFinal) leave(library, end, { rank, size, timeout }, code);
  });
  const finalize = () => {
    isFinal = true;
    end();
  };
  return { rank, size, ...calls, finalize };
}

/** This rank, and how many seconds it waits for others. */
interface Place {
  readonly rank: number;
  readonly size: number;
  readonly timeout: number;
}

async function shareProcessors(env: NodeJS.ProcessEnv, size: number): Promise<void> {
  if (env.WGRAD_THREADS || size === 1) return;
  const { availableParallelism } = await import('node:os');
  env.WGRAD_THREADS = String(threadsIn(env, availableParallelism()));
}

function callsOf(
  library: MpiLibrary,
  { rank, size, timeout }: Place,
): Pick<Connection, 'allReduce' | 'sum' | 'broadcast' | 'abort'> {
  const abort = (reason: unknown): never => {
    const text = reason instanceof Error ? reason.stack : String(reason);
    process.stderr.write(`Rank ${rank} of ${size} has failed and ends all: ${text}\n`);
    abortAfterWords(library, 1);
    throw reason;
  };
  const late = (what: string) =>
    abort(
      new DistributedError(
        `${what} has waited ${timeout} s for the other ranks: one of them, or the way to it, is gone, or ` +
          'works for longer than that (see the option timeout of mpi).',
      ),
    );
  return {
    allReduce: (values, how) =>
      done(library.allReduce(values, how), timeout, () => late('allReduce')),
    sum(values) {
      const isDone = library.allReduce(values, 'sum');
      return { isDone, wait: () => done(isDone, timeout, () => late('The sum of gradients')) };
    },
    broadcast: (bytes, from) =>
      done(library.broadcast(bytes, from), timeout, () => late('broadcast')),
    abort,
  };
}

/** Waits for a call, during which the event loop goes on. */
async function done(isDone: IsDone, timeout: number, late: () => void): Promise<void> {
  const start = performance.now();
  for (;;) {
    for (let i = 0; i < EAGER; i++) if (isDone()) return;
    const waited = performance.now() - start;
    if (waited > timeout * 1000) late();
    await new Promise((resolve) => {
      if (waited > PATIENT_AFTER) setTimeout(resolve, 1);
      else setImmediate(resolve);
    });
  }
}

/** The end of this process: a bad one is that of all, a good one waits for the others. */
function leave(
  library: MpiLibrary,
  end: () => void,
  { rank, size, timeout }: Place,
  code: number,
): void {
  if (code !== 0) {
    if (size > 1)
      process.stderr.write(`Rank ${rank} of ${size} ended with code ${code}, which ends all.\n`);
    return abortAfterWords(library, code);
  }
  const everybodyIsHere = library.awaitEnds();
  const start = performance.now();
  while (!everybodyIsHere()) {
    const waited = performance.now() - start;
    if (waited > timeout * 1000) {
      process.stderr.write(
        `Rank ${rank} of ${size} has waited ${timeout} s for the others to end.\n`,
      );
      return abortAfterWords(library, 1);
    }
    if (waited > PATIENT_AFTER) sleep(1);
  }
  end();
}

/** Gives the launcher the time to hand on what was printed: it ends the ranks, and their pipes, at once. */
function abortAfterWords(library: MpiLibrary, code: number): void {
  sleep(500);
  library.abort(code);
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
