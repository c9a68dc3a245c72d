import type { BufferSlice, Dispatch, Kernel } from '../../../src/device/device.ts';
import { assembleDevice } from '../../../src/device/wasm/assemble.ts';
import type { WasmDevice } from '../../../src/device/wasm/wasm-device.ts';
import { handWritten } from './hand-written-kernel.ts';

const START_MS = 20_000;

type Options = Parameters<typeof assembleDevice>[1];

/** Lends a device that runs hand-written kernels, with all its threads up. */
export async function withDevice(
  options: Options,
  use: (device: WasmDevice) => Promise<void>,
): Promise<void> {
  const device = await assembleDevice(handWritten, options);
  try {
    for (let ms = 0; (device.workers?.started ?? 0) < device.threads - 1; ms += 2) {
      if (ms > START_MS) throw new Error(`not all ${device.threads} threads have come up`);
      device.workers?.failIfDead();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await use(device);
  } finally {
    device.destroy();
  }
}

export async function kernelOf(device: WasmDevice, name: string): Promise<Kernel> {
  const [kernel] = await device.compile([{ name: `the_${name}_kernel`, source: name }]);
  return kernel as Kernel;
}

export function allocate(device: WasmDevice, words: number, label = 'test'): BufferSlice {
  const bytes = Math.max(16, Math.ceil(words / 4) * 16);
  return { buffer: device.createBuffer(bytes, label), offset: 0, bytes };
}

export async function wordsOf(device: WasmDevice, slice: BufferSlice): Promise<Uint32Array> {
  return new Uint32Array(await device.read(slice));
}

export function dispatchOf(
  kernel: Kernel,
  bindings: readonly BufferSlice[],
  workgroups: number,
  params: readonly number[] = [0, 0, 0, 0],
): Dispatch {
  return { kernel, bindings, params: Uint32Array.from(params), workgroups };
}

/** Records and submits dispatches once. */
export async function run(device: WasmDevice, ...dispatches: Dispatch[]): Promise<void> {
  const recording = device.record(dispatches);
  try {
    await device.submit(recording, []);
  } finally {
    recording.destroy();
  }
}

/** What a promise or function fails with. */
export async function failureOf(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

/** Whether a promise is settled after some turns of the event loop. */
export async function settled(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
  return isSettled;
}
