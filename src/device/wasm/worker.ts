import type { CONTROL, SHARE_WORDS } from './control.ts';

/** The export `run` of a kernel's module. */
export type RunGroups = (
  bindingTable: number,
  firstGroup: number,
  endGroup: number,
  groupsX: number,
  groupsY: number,
  scratch: number,
) => void;

/** The first message to a worker. */
export interface WorkerStart {
  readonly control: Int32Array;
  readonly words: typeof CONTROL;
  /** How many chunks are taken of each thread's share, {@link SHARE_WORDS} apart. */
  readonly taken: Int32Array;
  readonly shareWords: typeof SHARE_WORDS;
  readonly memory: WebAssembly.Memory;
  /** The number of this thread; the calling thread is 0. */
  readonly thread: number;
  readonly spinMilliseconds: number;
}

/** All later messages to a worker: the module of a kernel. Kernels are numbered from 0. */
export interface NewKernel {
  readonly kernel: number;
  readonly module: WebAssembly.Module;
}

/**
 * The script of a worker, made of the text of {@link serveKernels}: it runs the same from source,
 * from a bundle and minified, and no bundler has to know of a second file. `listen` is JavaScript
 * for a function that is given the handler of the worker's messages.
 */
export function workerScript(listen: string): string {
  // Bundlers name functions through a helper `__name`; it may be missing where the text runs.
  return `'use strict';
const __name = (f) => f;
const serve = (${serveKernels});
const modules = [];
const instances = [];
let start;
(${listen})((message) => {
  if (start) {
    modules[message.kernel] = message.module;
  } else {
    start = message;
    Atomics.add(start.control, start.words.started, 1);
  }
  serve(start, modules, instances);
});`;
}

/**
 * The life of a worker, from a message to when it needs another: its event loop stands still while
 * it helps and sleeps. It uses nothing but its parameters and globals, and has no function inside
 * (for which compilers add helpers of their own).
 */
function serveKernels(
  { control, words, taken, shareWords, memory, thread, spinMilliseconds }: WorkerStart,
  modules: readonly WebAssembly.Module[],
  instances: RunGroups[],
): void {
  const { epoch, open, submitting, stop, sleepers, active, callerSleeps } = words;
  const shares = taken.length / shareWords;
  let seen = -1;
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
    if (Atomics.load(control, stop) === 1) return;
    seen = Atomics.load(control, epoch);
    if (Atomics.load(control, open) === 0) continue;
    // Who comes in after the job was closed sees that here and leaves; the caller closes first and
    // then waits for `active` to be 0, so one of the two always sees the other.
    Atomics.add(control, active, 1);
    let isUnknown = false;
    if (Atomics.load(control, open) === 1) {
      const kernel = Atomics.load(control, words.kernel);
      const table = Atomics.load(control, words.bindingTable);
      const groups = Atomics.load(control, words.groups);
      const chunk = Atomics.load(control, words.chunk);
      const scratch =
        Atomics.load(control, words.scratch) + thread * Atomics.load(control, words.scratchStride);
      let first = 0;
      let end = 0;
      try {
        let run = instances[kernel];
        const module = modules[kernel];
        isUnknown = !run && !module;
        if (!run && module) {
          const instance = new WebAssembly.Instance(module, { env: { memory } });
          run = instance.exports.run as RunGroups;
          instances[kernel] = run;
        }
        const chunks = Math.ceil(groups / chunk);
        for (let turn = 0; run && turn < shares; turn++) {
          const share = (thread + turn) % shares;
          const begin = Math.floor((share * chunks) / shares);
          const count = Math.floor(((share + 1) * chunks) / shares) - begin;
          for (;;) {
            const at = Atomics.add(taken, share * shareWords, 1);
            if (at >= count) break;
            first = (begin + at) * chunk;
            end = Math.min(first + chunk, groups);
            run(table, first, end, groups, 1, scratch);
          }
        }
      } catch (error) {
        for (let share = 0; share < shares; share++) {
          Atomics.store(taken, share * shareWords, groups);
        }
        if (Atomics.compareExchange(control, words.failed, 0, 1) === 0) {
          const message = error instanceof Error ? error.message : String(error);
          const length = Math.min(message.length, control.length - words.message);
          control[words.failedFirst] = first;
          control[words.failedEnd] = end;
          control[words.messageLength] = length;
          for (let i = 0; i < length; i++) control[words.message + i] = message.charCodeAt(i);
        }
      }
    }
    const wasLast = Atomics.sub(control, active, 1) === 1;
    if (wasLast && Atomics.load(control, callerSleeps) === 1) Atomics.notify(control, active);
    // Its module was sent before the job began, and arrives when the event loop moves on.
    if (isUnknown) return;
  }
}
