// Puts Dawn where libraries written for browsers look for WebGPU: at `navigator.gpu`.
import { create, globals } from 'webgpu';
import { installNavigator } from './navigator.ts';

export function installNavigatorGpu(): void {
  // Some may be there already, read-only, from a library that brings Dawn along by itself.
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  installNavigator();
  if ('gpu' in navigator) return;
  // Held by the property for the life of the process: collecting it would end its devices.
  Object.defineProperty(navigator, 'gpu', { value: create([]), configurable: true });
}

/** The hardware's name first: Dawn's `description` is the driver. */
export function describeAdapter(info: GPUAdapterInfo): string {
  const { vendor, architecture, device, description } = info;
  return [device || vendor, description, architecture].filter((word) => word !== '').join(', ');
}
