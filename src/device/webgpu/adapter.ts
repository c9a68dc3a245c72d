import { messageOf } from '../../cause.ts';
import { DeviceError } from '../../errors.ts';

/** What a user reads where no adapter is found: why it matters and how to get one. */
const NO_ADAPTER = [
  'No WebGPU adapter was found. wgrad runs its kernels on a GPU through WebGPU, so it needs a driver:',
  'on Linux a Vulkan driver (vendor driver, or Mesa 23 or newer); on macOS and Windows the',
  "system's own is enough. A Debian or Ubuntu machine without a GPU gets a software driver from",
  '`sudo bash scripts/setup-vulkan.sh`. In a browser, use a recent version of Chrome, Edge,',
  'Firefox or Safari over https or localhost.',
].join(' ');

const NO_WEBGPU =
  'This browser has no WebGPU here: use a recent version of Chrome, Edge, Firefox or Safari over https or localhost.';

/** The GPU object must stay reachable for as long as its devices are used. */
let nodeGpu: Promise<GPU> | undefined;

/**
 * The entry point of WebGPU: the browser's own, else Dawn's bindings from the npm package `webgpu`.
 * @throws DeviceError where neither can be had.
 */
async function findGpu(): Promise<GPU> {
  const own = (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
  if (own) return own;
  if (!globalThis.process?.versions?.node) throw new DeviceError(NO_WEBGPU);
  nodeGpu ??= openDawn();
  return nodeGpu;
}

async function openDawn(): Promise<GPU> {
  try {
    const { create, globals } = await import('webgpu');
    for (const [name, value] of Object.entries(globals)) {
      if (!(name in globalThis))
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    return create(switches());
  } catch (cause) {
    throw new DeviceError(
      `The package 'webgpu' could not be loaded: ${messageOf(cause)}. ` +
        "Install it with 'npm install webgpu'; it ships Dawn for Linux, macOS and Windows.",
      { cause },
    );
  }
}

/** Dawn's own, such as `disable-dawn-features=timestamp_quantization`, with spaces between them. */
function switches(): string[] {
  return (globalThis.process?.env?.WGRAD_DAWN ?? '').split(/\s+/).filter((text) => text !== '');
}

/**
 * The fastest adapter the machine offers.
 * @throws DeviceError where there is none.
 */
export async function requestAdapter(): Promise<GPUAdapter> {
  const gpu = await findGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new DeviceError(NO_ADAPTER);
  return adapter;
}

/** Whether an adapter runs shaders on the CPU (lavapipe, SwiftShader, WARP). */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return (
    info.isFallbackAdapter ||
    /llvmpipe|lavapipe|swiftshader|basic render|software/i.test(allNames(info))
  );
}

/**
 * The adapter's name for people: the device's, where that is one and no PCI number, else the description
 * (in Dawn the driver's name), else vendor and architecture.
 */
export function describe({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const name = /^(0x)?[0-9a-f]{1,8}$/i.test(device) ? '' : device;
  return name || description || [vendor, architecture].filter(Boolean).join(' ') || 'unknown';
}

function allNames({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return [vendor, architecture, device, description].join(' ');
}

/**
 * About how many invocations an adapter has to run at once to be at its fastest, which no API
 * tells: a guess by vendor, of the right order of magnitude.
 */
export function lanesOf(info: GPUAdapterInfo): number {
  const vendor = info.vendor.toLowerCase();
  if (vendor === 'nvidia' || /radeon[ -](rx|pro)|instinct/i.test(allNames(info))) return 40_000;
  if (vendor === 'apple' || vendor === 'intel') return 6_000;
  return 16_000;
}

/** All that an adapter says of its hardware and its driver: what was measured on one holds for no other. */
export function identityOf(info: GPUAdapterInfo): string {
  return allNames(info).replace(/\s+/g, ' ').trim();
}

/** Whether kernels are measured though the program does not say so: on hardware, where `WGRAD_TUNE` is 1. */
export function isTunedUnasked(info: GPUAdapterInfo): boolean {
  return globalThis.process?.env?.WGRAD_TUNE === '1' && !isSoftware(info);
}
