// Puts Dawn where libraries written for browsers look for WebGPU: at `navigator.gpu`.
import { create, globals } from 'webgpu';

export function installNavigatorGpu(): void {
  // Some may be there already, read-only, from a library that brings Dawn along by itself.
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  // Node 20 has no `navigator`; later versions have one that cannot be replaced, only extended.
  if (typeof navigator === 'undefined') {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  if ('gpu' in navigator) return;
  // Held by the property for the life of the process: collecting it would end its devices.
  Object.defineProperty(navigator, 'gpu', { value: create([]), configurable: true });
}

export function describeAdapter(info: GPUAdapterInfo): string {
  const { vendor, architecture, device, description } = info;
  return [description || device || vendor, architecture].filter((word) => word !== '').join(', ');
}
