import { inWords } from '../../arguments.ts';
import type { Device } from '../../device/device.ts';
import type { DeviceChoice } from '../../device/open.ts';
import { ArgumentError } from '../../errors.ts';
import { OnDemand } from '../../kernels/on-demand.ts';
import type { Runtime } from './runtime.ts';

/** What runs graphs: programs that have computed nothing yet do without. */
const running = new OnDemand(() => import('./runtime.ts'));

let current: Runtime | undefined;
let opening: Promise<Runtime> | undefined;

/** The runtime in use, where one is open already. */
export function openRuntime(): Runtime | undefined {
  return current;
}

/** The runtime in use; opens the machine's best device when there is none yet. */
export async function runtime(): Promise<Runtime> {
  if (current) return current;
  opening ??= runtimeOn('auto').then((opened) => {
    current ??= opened;
    return current;
  });
  try {
    return await opening;
  } finally {
    opening = undefined;
  }
}

/**
 * The device that computes; opened if there is none yet.
 * @throws DeviceError where none can be had.
 */
export async function device(): Promise<Device> {
  return (await runtime()).device;
}

/**
 * Makes a device the one that computes from here on: one that is open, or the kind to open.
 * Tensors on another device stay there.
 * @throws DeviceError where there is none of that kind.
 */
export async function setDevice(choice: Device | DeviceChoice): Promise<Device> {
  if (typeof choice !== 'string' && typeof choice?.destroy !== 'function') {
    throw new ArgumentError(
      `setDevice: takes a device that is open, or 'auto', 'webgpu' or 'wasm'; got ${inWords(choice)}.`,
    );
  }
  current = await runtimeOn(choice);
  return current.device;
}

/** Closes the device in use and frees its memory; the next computation opens one again. */
export function closeDevice(): void {
  current?.device.destroy();
  current = undefined;
}

async function runtimeOn(choice: Device | DeviceChoice): Promise<Runtime> {
  await running.load();
  return running.get().Runtime.on(choice);
}
