import { requireFlag, requireOptions } from '../arguments.ts';
import { messageOf } from '../cause.ts';
import { ArgumentError, DeviceError } from '../errors.ts';
import type { Device } from './device.ts';
import type { WasmOptions } from './wasm/options.ts';
import { describe, isSoftware, requestAdapter } from './webgpu/adapter.ts';
import type { WebGpuDevice, WebGpuOptions } from './webgpu/webgpu-device.ts';

const CHOICES = ['auto', 'webgpu', 'wasm'] as const;

/** Which device computes: a named kind, or with `auto` the fastest that the machine has. */
export type DeviceChoice = (typeof CHOICES)[number];

/** A device and why it is this one, in a line for people. */
export interface OpenedDevice {
  readonly device: Device;
  readonly reason: string;
}

/**
 * Opens the CPU as a device: the same WGSL kernels, compiled to WebAssembly SIMD, on all cores.
 * Loaded when it is first asked for, so that programs with a GPU need not carry the compiler.
 * @throws ArgumentError where an option is unknown, or `tune` is no boolean
 * @throws DeviceError where there is no WebAssembly with SIMD
 */
export async function openWasm(options: WasmOptions = {}): Promise<Device> {
  requireOptions('openWasm', options, ['threads', 'deterministic', 'bounds', 'tune']);
  if (options.tune !== undefined) requireFlag('openWasm', 'tune', options.tune);
  return (await import('./wasm/open-wasm.ts')).openWasm(options);
}

/**
 * Opens the machine's best WebGPU adapter. Loaded when it is first asked for, as the CPU is.
 * @throws ArgumentError where an option is unknown, `lanes` is no whole number from 1, or `tune` no boolean
 * @throws DeviceError where there is no adapter
 */
export async function openWebGpu(options: WebGpuOptions = {}): Promise<WebGpuDevice> {
  return (await import('./webgpu/webgpu-device.ts')).openWebGpu(options);
}

/**
 * The ways to a device; tests put others in their place.
 * @internal
 */
export interface DeviceSources {
  readonly requestAdapter: () => Promise<{ readonly info: GPUAdapterInfo }>;
  readonly openWebGpu: () => Promise<Device>;
  readonly openWasm: () => Promise<CpuDevice>;
}

/** The CPU, and why it has one thread alone where it could have more. */
type CpuDevice = Device & { readonly whyOneThread?: string | undefined };

/**
 * Opens a device. `auto`, unless `WGRAD_DEVICE` names a kind, takes a hardware WebGPU adapter, else
 * the CPU through WebAssembly, else a WebGPU adapter that is software.
 * @throws DeviceError where there is none of that kind
 */
export async function openDevice(choice?: DeviceChoice): Promise<OpenedDevice>;
/** @internal */
export async function openDevice(
  choice: DeviceChoice,
  sources: DeviceSources,
): Promise<OpenedDevice>;
export async function openDevice(
  choice: DeviceChoice = 'auto',
  sources: DeviceSources = { requestAdapter, openWebGpu, openWasm },
): Promise<OpenedDevice> {
  if (typeof sources.openWasm !== 'function') {
    throw new ArgumentError(
      'openDevice: takes a kind alone. Options of the CPU device go to openWasm(options).',
    );
  }
  if (choice !== 'auto') {
    checkChoice(choice, 'The device');
    return opened(await sources[OPENERS[choice]](), `${choice} was asked for`);
  }
  const named = globalThis.process?.env?.WGRAD_DEVICE || 'auto';
  checkChoice(named, 'WGRAD_DEVICE');
  if (named !== 'auto') return opened(await sources[OPENERS[named]](), `WGRAD_DEVICE=${named}`);
  return openBest(sources);
}

const OPENERS = { webgpu: 'openWebGpu', wasm: 'openWasm' } as const;

async function openBest(sources: DeviceSources): Promise<OpenedDevice> {
  const { adapter, obstacle, cause } = await findAdapter(sources);
  if (adapter && !isSoftware(adapter.info)) {
    try {
      return opened(await sources.openWebGpu(), 'a GPU adapter was found');
    } catch (error) {
      const why = `the GPU adapter ${describe(adapter.info)} gave no device (${messageOf(error)})`;
      return opened(await sources.openWasm(), why);
    }
  }
  try {
    return opened(await sources.openWasm(), obstacle);
  } catch (error) {
    if (adapter) {
      return opened(
        await sources.openWebGpu(),
        `${obstacle}, and the CPU device fails (${messageOf(error)})`,
      );
    }
    throw new DeviceError(
      `No device can compute here: ${obstacle}, and the CPU device fails: ${messageOf(error)}`,
      { cause: cause ?? error },
    );
  }
}

/** The best adapter, or why there is no good one. */
async function findAdapter({ requestAdapter: request }: DeviceSources) {
  try {
    const adapter = await request();
    return { adapter, obstacle: `the only GPU adapter is software (${describe(adapter.info)})` };
  } catch (cause) {
    const isMissing = /could not be loaded/.test(messageOf(cause));
    return {
      obstacle: isMissing ? "no GPU adapter (no package 'webgpu')" : 'no GPU adapter',
      cause,
    };
  }
}

function opened(device: CpuDevice, why: string): OpenedDevice {
  const what = device.kind === 'wasm' ? `the ${device.name}` : `${device.name} through WebGPU`;
  const { whyOneThread } = device;
  const note = whyOneThread ? ` (one thread: ${whyOneThread})` : '';
  return { device, reason: `${why}, so ${what}${note}` };
}

function checkChoice(value: string, what: string): asserts value is DeviceChoice {
  if (CHOICES.some((choice) => choice === value)) return;
  throw new ArgumentError(`${what} is '${value}'; it must be one of ${CHOICES.join(', ')}`);
}
