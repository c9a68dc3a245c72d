import { messageOf } from '../../cause.ts';
import { ArgumentError, DeviceError } from '../../errors.ts';
import type { Compile } from './compiled.ts';
import { collectLetGo, WasmMemory } from './memory.ts';
import type { WasmOptions } from './options.ts';
import { hasFusedMultiplyAdd, hasSimd } from './relaxed-simd.ts';
import { startNodeThread, startWebThread } from './threads.ts';
import { WasmDevice } from './wasm-device.ts';
import { Workers } from './workers.ts';

const MAX_THREADS = 64;

const isNode = Boolean(globalThis.process?.versions?.node);

const NOT_ISOLATED =
  'the page is not cross-origin isolated; it gets threads when it is served with the headers ' +
  'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
const BLOB_WORKERS = "a Content-Security-Policy must allow 'worker-src blob:'";

/**
 * Puts a device together from what the machine has, around a compiler. `shared` and `maxBytes` say
 * what its memory is like where that differs from the best the machine can do.
 */
export async function assembleDevice(
  compile: Compile,
  options: WasmOptions & { readonly shared?: boolean; readonly maxBytes?: number },
): Promise<WasmDevice> {
  if (!hasSimd()) throw new DeviceError('This engine has no WebAssembly with SIMD instructions');
  const fma = !options.deterministic && (await hasFusedMultiplyAdd());
  const shared = options.shared ?? canShareMemory();
  await collectLetGo();
  const memory = openMemory(
    shared,
    options.maxBytes ?? (isNode ? await machineBytes() : undefined),
  );
  const wanted = await threadCount(options.threads);
  const { workers, whyOneThread } = shared
    ? await startWorkers(wanted - 1, memory.memory)
    : { whyOneThread: isNode ? undefined : NOT_ISOLATED };
  const threads = workers ? wanted : 1;
  const bounds = options.bounds ?? /\bbounds\b/.test(environment('WGRAD_DEBUG') ?? '');
  return new WasmDevice({
    memory,
    workers,
    threads,
    whyOneThread,
    compile,
    options: { fma, bounds, shared },
    tunedOn: (options.tune ?? environment('WGRAD_TUNE') === '1') ? await machineName() : undefined,
  });
}

/** Browsers let pages share memory only when they are isolated from other sites. */
function canShareMemory(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
}

async function startWorkers(
  count: number,
  memory: WebAssembly.Memory,
): Promise<{ readonly workers?: Workers; readonly whyOneThread: string | undefined }> {
  if (count === 0) return { whyOneThread: undefined };
  if (isNode)
    return {
      workers: await Workers.start(startNodeThread, count, memory),
      whyOneThread: undefined,
    };
  try {
    return { workers: await Workers.start(startWebThread, count, memory), whyOneThread: undefined };
  } catch (cause) {
    // A page may be forbidden to have workers, and computes on its own thread all the same.
    return { whyOneThread: `${messageOf(cause)} (${BLOB_WORKERS})` };
  }
}

async function threadCount(wanted: number | undefined): Promise<number> {
  const named = environment('WGRAD_THREADS');
  const count = wanted ?? (named ? Number(named) : undefined);
  if (count === undefined) return Math.min(MAX_THREADS, await processorCount());
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count;
  throw new ArgumentError(
    `${wanted === undefined ? 'WGRAD_THREADS' : 'threads'} is ${wanted ?? named}; it must be a whole number from 1 to ${MAX_THREADS}`,
  );
}

async function processorCount(): Promise<number> {
  if (!isNode) return navigator.hardwareConcurrency;
  const { availableParallelism } = await import('node:os');
  return availableParallelism();
}

/** The processor and the engine, as far as they tell: what was measured on one holds for no other. */
async function machineName(): Promise<string> {
  if (!isNode) return navigator.userAgent;
  const { cpus } = await import('node:os');
  return `${cpus()[0]?.model ?? process.arch}, Node ${process.versions.node}`;
}

/** What the machine has, or what its container may use of it: to ask for more ends the process. */
async function machineBytes(): Promise<number> {
  const { totalmem } = await import('node:os');
  // 0 or astronomical where there is no limit.
  return Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY);
}

function openMemory(shared: boolean, maxBytes: number | undefined): WasmMemory {
  try {
    return new WasmMemory(shared, maxBytes);
  } catch (cause) {
    throw new DeviceError(
      `The engine gives no WebAssembly memory: ${messageOf(cause)}. A limit on the ` +
        "process's address space (ulimit -v) may be too low.",
      { cause },
    );
  }
}

function environment(name: string): string | undefined {
  return globalThis.process?.env?.[name] || undefined;
}
