import {
  closeDevice,
  DeviceError,
  type OpenedDevice,
  openDevice,
  openWasm,
  setDevice,
} from 'wgrad';
import type { Settings } from '../settings/settings.ts';

type Choice = Pick<Settings, 'device' | 'threads'>;

let open: { readonly key: string; readonly opened: OpenedDevice } | undefined;

/**
 * The device that is asked for, which then computes; the one that is open where it is the same. Where
 * there is no GPU the CPU takes its place, and the reason says so.
 */
export async function useDevice(choice: Choice): Promise<OpenedDevice> {
  const key = `${choice.device} ${choice.threads}`;
  if (open?.key === key) return open.opened;
  forgetDevice();
  const opened = await opening(choice);
  await setDevice(opened.device);
  open = { key, opened };
  return opened;
}

/** Closes the device, as after it was lost: the next use opens one again. */
export function forgetDevice(): void {
  if (open) closeDevice();
  open = undefined;
}

async function opening({ device: kind, threads }: Choice): Promise<OpenedDevice> {
  if (kind === 'wasm' && threads !== undefined) {
    const device = await openWasm({ threads });
    return { device, reason: `${threads} threads were asked for, so the ${device.name}` };
  }
  try {
    return await openDevice(kind);
  } catch (error) {
    if (kind !== 'webgpu' || !(error instanceof DeviceError)) throw error;
    const device = await openWasm();
    return { device, reason: `${error.message} So the ${device.name} computes` };
  }
}
