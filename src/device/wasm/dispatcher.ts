import { messageOf } from '../../cause.ts';
import { DeviceError, DeviceLostError } from '../../errors.ts';
import type { EarlyUses } from '../early-uses.ts';
import type { EventLoop } from './event-loop.ts';
import type { Block, WasmMemory } from './memory.ts';
import type { Prepared } from './recording.ts';
import { KernelTrap, type Workers } from './workers.ts';

/** Into how many pieces a dispatch is cut for each thread, so that a slow one takes fewer. */
const CHUNKS_PER_THREAD = 8;

/** Runs dispatches one after the other: small ones on the calling thread, others on all. */
export class Dispatcher {
  private readonly threads: number;
  private readonly workers: Workers | undefined;
  private readonly eventLoop: EventLoop;
  private scratch: Block | undefined;
  private scratchStride = 0;

  constructor(threads: number, workers: Workers | undefined, eventLoop: EventLoop) {
    this.threads = threads;
    this.workers = workers;
    this.eventLoop = eventLoop;
  }

  /**
   * Computes within the call, unless threads keep it waiting.
   * @param took is told what each dispatch took, in milliseconds
   * @throws DeviceError, naming the kernel, when one traps; DeviceLostError when a thread died; what an early
   *   use throws
   */
  async run(
    dispatches: readonly Prepared[],
    { took, early }: { took?: Map<Prepared, number> | undefined; early?: EarlyUses | undefined },
  ): Promise<void> {
    this.workers?.failIfDead();
    let awake: Workers | undefined;
    try {
      for (const [i, dispatch] of dispatches.entries()) {
        if (dispatch.workgroups === 0) continue;
        const helpers = dispatch.cost.begin() ? this.workers : undefined;
        if (helpers && !awake) helpers.wake();
        awake ??= helpers;
        // A kernel compiled in the meantime may bring larger scratch memory.
        const { scratch, scratchStride, threads } = this;
        const start = took ? performance.now() : 0;
        const late = this.runOne(dispatch, helpers);
        if (late) await late;
        took?.set(dispatch, performance.now() - start);
        dispatch.kernel.refuseViolation(scratch?.address ?? 0, scratchStride, threads);
        early?.behind(i);
        if (!this.eventLoop.isOfPage || !this.eventLoop.isDue) continue;
        await this.eventLoop.breathe();
        this.workers?.failIfDead();
      }
    } finally {
      awake?.rest();
    }
  }

  /**
   * Makes room for what a kernel needs. All kernels share one piece of scratch a thread, as large
   * as the hungriest needs; returns the piece that serves no longer.
   */
  reserveScratch(bytes: number, memory: WasmMemory): Block | undefined {
    if (bytes <= this.scratchStride) return undefined;
    const former = this.scratch;
    const stride = Math.ceil(bytes / 64) * 64;
    this.scratch = memory.allocate(stride * this.threads, 'kernel scratch');
    this.scratchStride = stride;
    return former;
  }

  private runOne(dispatch: Prepared, workers: Workers | undefined): Promise<void> | undefined {
    const { cost } = dispatch;
    const start = cost.isTimed ? performance.now() : undefined;
    const end = () => {
      if (start !== undefined) cost.end(performance.now() - start, workers !== undefined);
    };
    try {
      const late = workers ? this.share(dispatch, workers) : this.runAlone(dispatch);
      if (!late) end();
      return late?.then(end, (cause) => {
        throw failureOf(dispatch, cause);
      });
    } catch (cause) {
      throw failureOf(dispatch, cause);
    }
  }

  private share(dispatch: Prepared, workers: Workers): Promise<void> | undefined {
    const { kernel, bindingTable, workgroups: groups } = dispatch;
    const { run, number } = kernel;
    const { scratchStride } = this;
    const scratch = this.scratch?.address ?? 0;
    const chunk = this.chunkOf(groups);
    return workers.run({
      kernel: number,
      run,
      bindingTable,
      groups,
      chunk,
      scratch,
      scratchStride,
    });
  }

  private runAlone({ kernel, bindingTable, workgroups: groups, cost }: Prepared): undefined {
    const { run } = kernel;
    const scratch = this.scratch?.address ?? 0;
    // In pieces too: an engine replaces its first, slow code by better between two calls.
    const step = cost.isLarge ? this.chunkOf(groups) : groups;
    for (let first = 0; first < groups; first += step) {
      const end = Math.min(first + step, groups);
      try {
        run(bindingTable, first, end, groups, 1, scratch);
      } catch (cause) {
        throw new KernelTrap(first, end, messageOf(cause));
      }
    }
  }

  private chunkOf(groups: number): number {
    return Math.ceil(groups / (CHUNKS_PER_THREAD * this.threads));
  }
}

function failureOf({ kernel, workgroups }: Prepared, cause: unknown): DeviceError {
  const where =
    cause instanceof KernelTrap
      ? ` at workgroup ${cause.firstGroup} or soon after, of ${workgroups}`
      : '';
  const message = `Kernel ${kernel.program.name} failed${where}: ${messageOf(cause)}`;
  const Failure = cause instanceof DeviceLostError ? DeviceLostError : DeviceError;
  return new Failure(message, { cause });
}
