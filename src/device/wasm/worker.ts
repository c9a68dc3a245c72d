import type { MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { CONTROL } from './control.ts';

/** The export `run` of a kernel's module. */
export type RunGroups = (
  bindingTable: number,
  firstGroup: number,
  endGroup: number,
  groupsX: number,
  groupsY: number,
  scratch: number,
) => void;

/** What a worker is given when it starts. */
export interface WorkerStart {
  readonly control: Int32Array;
  readonly words: typeof CONTROL;
  readonly memory: WebAssembly.Memory;
  readonly port: MessagePort;
  /** The number of this thread; the calling thread is 0. */
  readonly thread: number;
  readonly spinMilliseconds: number;
}

/** Sent to workers: the module of a kernel. Kernels are numbered from 0. */
export interface NewKernel {
  readonly kernel: number;
  readonly module: WebAssembly.Module;
}

/** Sent by workers: what a kernel threw. */
export interface KernelFailure {
  readonly kernel: number;
  readonly firstGroup: number;
  readonly endGroup: number;
  readonly message: string;
}

/**
 * The life of a worker. Its text is what the thread is started from, so that it runs the same from
 * source, from a bundle and minified. Hence it uses nothing but its parameters and globals, and
 * has no function inside (for which compilers add helpers of their own).
 */
export function serveKernels(start: WorkerStart, receive: typeof receiveMessageOnPort): void {
  const { control, words, memory, port, thread, spinMilliseconds } = start;
  const { epoch, open, submitting, stop, sleepers, active, callerSleeps, next } = words;
  const modules: WebAssembly.Module[] = [];
  const instances: RunGroups[] = [];
  let seen = -1;
  Atomics.add(control, words.started, 1);
  for (;;) {
    let sleepAt = 0;
    for (let spins = 0; Atomics.load(control, epoch) === seen; spins++) {
      if (Atomics.load(control, submitting) === 1) {
        if (spins % 64 !== 0) continue;
        const now = performance.now();
        if (sleepAt === 0) sleepAt = now + spinMilliseconds;
        if (now < sleepAt) continue;
      }
      Atomics.add(control, sleepers, 1);
      Atomics.wait(control, epoch, seen);
      Atomics.sub(control, sleepers, 1);
      sleepAt = 0;
      spins = 0;
    }
    if (Atomics.load(control, stop) === 1) break;
    seen = Atomics.load(control, epoch);
    if (Atomics.load(control, open) === 0) continue;
    // Who comes in after the job was closed sees that here and leaves; the caller closes first and
    // then waits for `active` to be 0, so one of the two always sees the other.
    Atomics.add(control, active, 1);
    if (Atomics.load(control, open) === 1) {
      const kernel = control[words.kernel] as number;
      const table = control[words.bindingTable] as number;
      const groups = control[words.groups] as number;
      const chunk = control[words.chunk] as number;
      const scratch =
        (control[words.scratch] as number) + thread * (control[words.scratchStride] as number);
      let first = 0;
      let end = 0;
      try {
        let run = instances[kernel];
        if (!run) {
          let received = receive(port);
          while (received) {
            const made = received.message as NewKernel;
            modules[made.kernel] = made.module;
            received = receive(port);
          }
          const module = modules[kernel] as WebAssembly.Module;
          const instance = new WebAssembly.Instance(module, { env: { memory } });
          run = instance.exports.run as RunGroups;
          instances[kernel] = run;
        }
        for (;;) {
          first = Atomics.add(control, next, chunk);
          if (first >= groups) break;
          end = Math.min(first + chunk, groups);
          run(table, first, end, groups, 1, scratch);
        }
      } catch (error) {
        Atomics.store(control, next, groups);
        const message = error instanceof Error ? error.message : String(error);
        port.postMessage({ kernel, firstGroup: first, endGroup: end, message });
        Atomics.store(control, words.failed, 1);
      }
    }
    const wasLast = Atomics.sub(control, active, 1) === 1;
    if (wasLast && Atomics.load(control, callerSleeps) === 1) Atomics.notify(control, active);
  }
  port.close();
}
