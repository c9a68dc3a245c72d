import { ArgumentError, DeviceError } from '../../errors.ts';
import type { Compile } from './compiled.ts';
import { WasmMemory } from './memory.ts';
import type { WasmOptions } from './options.ts';
import { hasFusedMultiplyAdd, hasSimd } from './relaxed-simd.ts';
import { WasmDevice } from './wasm-device.ts';
import { Workers } from './workers.ts';

const MAX_THREADS = 64;

/**
 * Puts a device together from what the machine has, around a compiler. `shared` and `maxBytes` say
 * what its memory is like where that differs from the best the machine can do.
 */
export async function assembleDevice(
  compile: Compile,
  options: WasmOptions & { readonly shared?: boolean; readonly maxBytes?: number },
): Promise<WasmDevice> {
  if (!hasSimd()) throw new DeviceError('This engine has no WebAssembly with SIMD instructions');
  const node = Boolean(globalThis.process?.versions?.node);
  const fma = !options.deterministic && (await hasFusedMultiplyAdd());
  // Browsers let pages share memory only when they are isolated from other sites.
  const shared = options.shared ?? typeof SharedArrayBuffer !== 'undefined';
  const threads = shared && node ? await threadCount(options.threads) : 1;
  const memory = openMemory(shared, options.maxBytes ?? (node ? await machineBytes() : undefined));
  const workers =
    threads > 1
      ? new Workers(await import('node:worker_threads'), threads - 1, memory.memory)
      : undefined;
  const bounds = options.bounds ?? /\bbounds\b/.test(environment('WGRAD_DEBUG') ?? '');
  return new WasmDevice({ memory, workers, threads, compile, options: { fma, bounds, shared } });
}

async function threadCount(wanted: number | undefined): Promise<number> {
  const named = environment('WGRAD_THREADS');
  const count = wanted ?? (named ? Number(named) : undefined);
  if (count === undefined) {
    const { availableParallelism } = await import('node:os');
    return Math.min(MAX_THREADS, availableParallelism());
  }
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count;
  throw new ArgumentError(
    `${wanted === undefined ? 'WGRAD_THREADS' : 'threads'} is ${wanted ?? named}; it must be a whole number from 1 to ${MAX_THREADS}`,
  );
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
      `The engine gives no WebAssembly memory: ${(cause as Error).message}. A limit on the ` +
        "process's address space (ulimit -v) may be too low.",
      { cause },
    );
  }
}

function environment(name: string): string | undefined {
  return globalThis.process?.env?.[name] || undefined;
}
