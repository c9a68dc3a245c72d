import { messageOf } from '../../cause.ts';
import { DeviceError, DeviceLostError } from '../../errors.ts';
import { turn } from '../turn.ts';
import { CONTROL, CONTROL_WORDS, SHARE_WORDS } from './control.ts';
import type { StartThread, Thread } from './threads.ts';
import type { NewKernel, RunGroups, WorkerStart } from './worker.ts';

/** How long a worker stays awake between the jobs of a submission. */
const WORKER_SPIN_MS = 0.1;
/** How long the calling thread stays awake for the last workers of a job. */
const CALLER_SPIN_MS = 0.05;
/** The same where it may not sleep: less than what a turn of a page's event loop may cost. */
const PAGE_SPIN_MS = 0.5;
/** How long it sleeps before the event loop gets a turn, and with it news of threads that died. */
const SLEEP_MS = 50;

/** A run of a kernel over workgroups 0 … `groups`−1. */
export interface Job {
  readonly kernel: number;
  readonly run: RunGroups;
  readonly bindingTable: number;
  readonly groups: number;
  /** How many workgroups a thread takes at once. */
  readonly chunk: number;
  readonly scratch: number;
  readonly scratchStride: number;
}

/**
 * Threads that help the calling one. A job is open to whoever comes: the caller starts on it at
 * once, workers take chunks as they wake up, and the caller waits only for those that came in.
 * So a worker that starts late or that the system has put aside delays nobody.
 */
export class Workers {
  private readonly control = new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4));
  private readonly taken: Int32Array;
  private readonly mayBlock = mayBlock();
  private threads: readonly Thread[] = [];
  private death: DeviceError | undefined;

  private constructor(count: number) {
    const bytes = (count + 1) * SHARE_WORDS * Int32Array.BYTES_PER_ELEMENT;
    this.taken = new Int32Array(new SharedArrayBuffer(bytes));
  }

  /**
   * Starts `count` threads.
   * @throws DeviceError where they cannot be had
   */
  static async start(
    startThread: StartThread,
    count: number,
    memory: WebAssembly.Memory,
  ): Promise<Workers> {
    const workers = new Workers(count);
    const starts = await Promise.allSettled(
      Array.from({ length: count }, (_, i) =>
        startThread(`wgrad ${i + 1}`, (how) => workers.died(how)),
      ),
    );
    workers.threads = starts.flatMap((start) =>
      start.status === 'fulfilled' ? [start.value] : [],
    );
    const failure = starts.find((start) => start.status === 'rejected');
    if (failure) {
      workers.destroy();
      throw failure.reason;
    }
    workers.begin(memory);
    return workers;
  }

  /** Not in `start`, whose functions live as long as the threads do, and with them what they use. */
  private begin(memory: WebAssembly.Memory): void {
    this.threads.forEach((thread, i) => {
      const start: WorkerStart = {
        control: this.control,
        words: CONTROL,
        taken: this.taken,
        shareWords: SHARE_WORDS,
        memory,
        thread: i + 1,
        spinMilliseconds: WORKER_SPIN_MS,
      };
      thread.post(start);
    });
  }

  /** The number of workers that have come up so far. */
  get started(): number {
    return Atomics.load(this.control, CONTROL.started);
  }

  /** Tells the workers of a new kernel; they instantiate it when they first run it. */
  add(kernel: NewKernel): void {
    for (const thread of this.threads) thread.post(kernel);
  }

  /** Wakes the workers: jobs follow until {@link rest}. */
  wake(): void {
    const { control } = this;
    Atomics.store(control, CONTROL.submitting, 1);
    if (Atomics.load(control, CONTROL.sleepers) === 0) return;
    Atomics.add(control, CONTROL.epoch, 1);
    Atomics.notify(control, CONTROL.epoch);
  }

  /** Lets the workers sleep. */
  rest(): void {
    Atomics.store(this.control, CONTROL.submitting, 0);
  }

  /**
   * Runs a job on all threads, this one among them. Returns when it is done, or a promise of that
   * where workers are late and waiting for them would keep the event loop.
   * @throws KernelTrap where the kernel threw anywhere, DeviceLostError when a thread died
   */
  run(job: Job): Promise<void> | undefined {
    const { control } = this;
    const { run, bindingTable, groups, chunk, scratch } = job;
    control[CONTROL.kernel] = job.kernel;
    control[CONTROL.bindingTable] = bindingTable;
    control[CONTROL.groups] = groups;
    control[CONTROL.chunk] = chunk;
    control[CONTROL.scratch] = scratch;
    control[CONTROL.scratchStride] = job.scratchStride;
    this.take(0);
    Atomics.store(control, CONTROL.open, 1);
    Atomics.add(control, CONTROL.epoch, 1);
    const chunks = Math.ceil(groups / chunk);
    if (Atomics.load(control, CONTROL.sleepers) > 0) {
      Atomics.notify(control, CONTROL.epoch, chunks - 1);
    }
    const shares = this.threads.length + 1;
    let first = 0;
    let end = 0;
    let trap: KernelTrap | undefined;
    try {
      for (let share = 0; share < shares; share++) {
        const begin = Math.floor((share * chunks) / shares);
        const count = Math.floor(((share + 1) * chunks) / shares) - begin;
        for (;;) {
          const at = Atomics.add(this.taken, share * SHARE_WORDS, 1);
          if (at >= count) break;
          first = (begin + at) * chunk;
          end = Math.min(first + chunk, groups);
          run(bindingTable, first, end, groups, 1, scratch);
        }
      }
    } catch (cause) {
      this.take(groups);
      trap = new KernelTrap(first, end, messageOf(cause));
    }
    // Nobody comes in any more; those inside finish what they have taken.
    Atomics.store(control, CONTROL.open, 0);
    if (!this.spin() && !(this.mayBlock && this.sleep())) return this.finishLater(trap);
    this.finish(trap);
    return undefined;
  }

  /** Says of every share that so many of its chunks are taken. */
  private take(chunks: number): void {
    for (let at = 0; at < this.taken.length; at += SHARE_WORDS)
      Atomics.store(this.taken, at, chunks);
  }

  /** @throws DeviceError where a thread has ended */
  failIfDead(): void {
    if (this.death) throw this.death;
  }

  /** Ends the threads. */
  destroy(): void {
    const { control } = this;
    this.death ??= new DeviceError('The CPU device was closed while it computed');
    // Those that sleep are woken: browsers take seconds to end what does not answer.
    Atomics.store(control, CONTROL.stop, 1);
    Atomics.add(control, CONTROL.epoch, 1);
    Atomics.notify(control, CONTROL.epoch);
    for (const thread of this.threads) thread.end();
  }

  /** Stays awake a little for those inside the job; whether all have left. */
  private spin(): boolean {
    let until = 0;
    for (let spins = 1; Atomics.load(this.control, CONTROL.active) > 0; spins++) {
      if (spins % 64 !== 0) continue;
      const now = performance.now();
      if (until === 0) until = now + (this.mayBlock ? CALLER_SPIN_MS : PAGE_SPIN_MS);
      if (now >= until) return false;
    }
    return true;
  }

  /** Sleeps until all have left the job, but no longer than {@link SLEEP_MS}; whether they have. */
  private sleep(): boolean {
    const { control } = this;
    const until = performance.now() + SLEEP_MS;
    Atomics.store(control, CONTROL.callerSleeps, 1);
    let active = Atomics.load(control, CONTROL.active);
    for (let left = SLEEP_MS; active > 0 && left > 0; left = until - performance.now()) {
      Atomics.wait(control, CONTROL.active, active, left);
      active = Atomics.load(control, CONTROL.active);
    }
    Atomics.store(control, CONTROL.callerSleeps, 0);
    return active === 0;
  }

  /** Ends a job that all have left. */
  private finish(trap: KernelTrap | undefined): void {
    const failure = this.failure();
    if (trap ?? failure) throw trap ?? failure;
  }

  /** Ends a job when all have left, with turns of the event loop in between. */
  private async finishLater(trap: KernelTrap | undefined): Promise<void> {
    do {
      if (this.mayBlock) await turn();
      else await this.change();
      // A thread that died inside the job never leaves it.
      this.failIfDead();
    } while (this.mayBlock ? !this.sleep() : Atomics.load(this.control, CONTROL.active) > 0);
    this.finish(trap);
  }

  /** Resolves when the last has left the job, and now and then. */
  private async change(): Promise<void> {
    const { control } = this;
    const { waitAsync } = Atomics as AsyncAtomics;
    if (!waitAsync) return turn();
    Atomics.store(control, CONTROL.callerSleeps, 1);
    const active = Atomics.load(control, CONTROL.active);
    if (active > 0) await waitAsync(control, CONTROL.active, active, SLEEP_MS).value;
    Atomics.store(control, CONTROL.callerSleeps, 0);
  }

  /** What a kernel threw in a worker during the job. */
  private failure(): KernelTrap | undefined {
    const { control } = this;
    if (Atomics.exchange(control, CONTROL.failed, 0) === 0) return undefined;
    const length = Atomics.load(control, CONTROL.messageLength);
    const message = String.fromCharCode(
      ...control.subarray(CONTROL.message, CONTROL.message + length),
    );
    const first = Atomics.load(control, CONTROL.failedFirst);
    return new KernelTrap(first, Atomics.load(control, CONTROL.failedEnd), message);
  }

  private died(how: string): void {
    this.death ??= new DeviceLostError(
      `A thread of the CPU device ${how}. Its tensors are gone; open a device again and restore ` +
        'from a checkpoint.',
    );
  }
}

/** ES2024, which not every browser has. */
interface AsyncAtomics {
  readonly waitAsync?: (
    words: Int32Array,
    index: number,
    value: number,
    milliseconds: number,
  ) => { readonly value: string | Promise<string> };
}

/** Whether this thread may sleep: that of a page may not. */
function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** A kernel threw while it ran some of the workgroups `firstGroup` … `endGroup`−1. */
export class KernelTrap extends Error {
  readonly firstGroup: number;
  readonly endGroup: number;

  constructor(firstGroup: number, endGroup: number, message: string) {
    super(message);
    this.firstGroup = firstGroup;
    this.endGroup = endGroup;
  }
}
