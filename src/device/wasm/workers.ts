import type {
  MessageChannel,
  MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { DeviceError } from '../../errors.ts';
import { CONTROL, CONTROL_WORDS } from './control.ts';
import {
  type KernelFailure,
  type NewKernel,
  type RunGroups,
  serveKernels,
  type WorkerStart,
} from './worker.ts';

/** How long a worker stays awake between the jobs of a submission. */
const WORKER_SPIN_MS = 0.1;
/** How long the calling thread stays awake for the last workers of a job. */
const CALLER_SPIN_MS = 0.05;

/** What is used of Node's module `worker_threads`. */
export interface ThreadsApi {
  readonly Worker: typeof Worker;
  readonly MessageChannel: typeof MessageChannel;
  readonly receiveMessageOnPort: typeof receiveMessageOnPort;
}

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
  private readonly threads: { readonly worker: Worker; readonly port: MessagePort }[];
  private readonly receive: typeof receiveMessageOnPort;
  private death: DeviceError | undefined;

  /** Starts `count` threads; they come up while the caller goes on. */
  constructor(api: ThreadsApi, count: number, memory: WebAssembly.Memory) {
    this.receive = api.receiveMessageOnPort;
    // Bundlers name functions through a helper `__name`; it may be missing where the text runs.
    const text =
      'const __name = (f) => f; const { workerData, receiveMessageOnPort } = ' +
      `require('node:worker_threads'); (${serveKernels})(workerData, receiveMessageOnPort);`;
    this.threads = Array.from({ length: count }, (_, i) => {
      const { port1, port2 } = new api.MessageChannel();
      const workerData: WorkerStart = {
        control: this.control,
        words: CONTROL,
        memory,
        port: port2,
        thread: i + 1,
        spinMilliseconds: WORKER_SPIN_MS,
      };
      // No options of the process: loaders that it was started with would only cost time.
      const worker = new api.Worker(text, {
        eval: true,
        name: `wgrad ${i + 1}`,
        workerData,
        transferList: [port2],
        execArgv: [],
        env: {},
      });
      worker.on('error', (cause) => this.died(`threw ${cause}`));
      worker.on('exit', () => this.died('ended'));
      worker.unref();
      port1.unref();
      return { worker, port: port1 };
    });
  }

  /** The number of workers that have come up so far. */
  get started(): number {
    return Atomics.load(this.control, CONTROL.started);
  }

  /** Tells the workers of a new kernel; they instantiate it when they first run it. */
  add(kernel: NewKernel): void {
    for (const { port } of this.threads) port.postMessage(kernel);
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
   * Runs a job on all threads, this one among them, and returns when it is done.
   * @throws KernelTrap when the kernel threw anywhere
   */
  run(job: Job): void {
    const { control } = this;
    const { run, bindingTable, groups, chunk, scratch } = job;
    control[CONTROL.kernel] = job.kernel;
    control[CONTROL.bindingTable] = bindingTable;
    control[CONTROL.groups] = groups;
    control[CONTROL.chunk] = chunk;
    control[CONTROL.scratch] = scratch;
    control[CONTROL.scratchStride] = job.scratchStride;
    Atomics.store(control, CONTROL.next, 0);
    Atomics.store(control, CONTROL.open, 1);
    Atomics.add(control, CONTROL.epoch, 1);
    if (Atomics.load(control, CONTROL.sleepers) > 0) {
      Atomics.notify(control, CONTROL.epoch, Math.ceil(groups / chunk) - 1);
    }
    let first = 0;
    let end = 0;
    try {
      for (;;) {
        first = Atomics.add(control, CONTROL.next, chunk);
        if (first >= groups) break;
        end = Math.min(first + chunk, groups);
        run(bindingTable, first, end, groups, 1, scratch);
      }
    } catch (cause) {
      Atomics.store(control, CONTROL.next, groups);
      this.close();
      this.failures();
      throw new KernelTrap(first, end, (cause as Error).message);
    }
    this.close();
    const [failure] = this.failures();
    if (failure) throw new KernelTrap(failure.firstGroup, failure.endGroup, failure.message);
  }

  /** @throws DeviceError when a thread has ended on its own */
  failIfDead(): void {
    if (this.death) throw this.death;
  }

  /** Ends the threads. */
  destroy(): void {
    const { control } = this;
    this.death ??= new DeviceError('The threads of the CPU device were ended');
    Atomics.store(control, CONTROL.stop, 1);
    Atomics.add(control, CONTROL.epoch, 1);
    Atomics.notify(control, CONTROL.epoch);
    for (const { port } of this.threads) port.close();
  }

  /** Lets nobody into the job any more and waits for those inside. */
  private close(): void {
    const { control } = this;
    Atomics.store(control, CONTROL.open, 0);
    let sleepAt = 0;
    for (let spins = 1; ; spins++) {
      const active = Atomics.load(control, CONTROL.active);
      if (active === 0) return;
      if (spins % 64 !== 0) continue;
      const now = performance.now();
      if (sleepAt === 0) sleepAt = now + CALLER_SPIN_MS;
      if (now < sleepAt) continue;
      Atomics.store(control, CONTROL.callerSleeps, 1);
      Atomics.wait(control, CONTROL.active, active);
      Atomics.store(control, CONTROL.callerSleeps, 0);
    }
  }

  /** What kernels threw in workers since the last call. */
  private failures(): KernelFailure[] {
    const failures: KernelFailure[] = [];
    if (Atomics.exchange(this.control, CONTROL.failed, 0) === 0) return failures;
    for (const { port } of this.threads) {
      for (let next = this.receive(port); next; next = this.receive(port)) {
        failures.push(next.message as KernelFailure);
      }
    }
    return failures;
  }

  private died(how: string): void {
    this.death ??= new DeviceError(`A thread of the CPU device ${how}; open the device again`);
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
