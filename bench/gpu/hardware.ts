// The GPU itself, through Dawn, with timestamps; never a software adapter but in a dry run.
import { create, globals } from 'webgpu';
import { describe, isSoftware } from '../../src/device/webgpu/adapter.ts';
import { WebGpuDevice, type WebGpuOptions } from '../../src/device/webgpu/webgpu-device.ts';

/** Dawn rounds timestamps to 65 µs unless told not to. */
export const EXACT_TIMESTAMPS = 'disable-dawn-features=timestamp_quantization';

const FEATURES = ['timestamp-query', 'subgroups', 'shader-f16'] as const;

/** Must outlive their devices. */
const instances: GPU[] = [];

/** An adapter of a new instance of Dawn with these switches. @throws Error where there is none */
export async function openAdapter(switches = [EXACT_TIMESTAMPS]): Promise<GPUAdapter> {
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const instance = create(switches);
  instances.push(instance);
  const adapter = await instance.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('Dawn finds no adapter');
  return adapter;
}

/** The same. @throws Error where the adapter is software and the run is not dry */
export async function openHardware(dry: boolean, switches?: string[]): Promise<GPUAdapter> {
  const adapter = await openAdapter(switches);
  if (isSoftware(adapter.info) && !dry) {
    throw new Error(
      `${describe(adapter.info)} is a software adapter, and its times say nothing of a GPU; --dry tries ` +
        'the stages on it',
    );
  }
  return adapter;
}

/** With the features that are measured with and the largest limits. */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    },
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    process.stderr.write(`  ${error.message.slice(0, 400)}\n`);
  });
  return device;
}

/** wgrad on such a device. In a dry run it takes the software adapter for a GPU, as for its variants. */
export async function openWgrad(dry: boolean, options?: WebGpuOptions): Promise<WebGpuDevice> {
  const adapter = await openHardware(dry);
  return new WebGpuDevice(await openDevice(adapter), dry ? pretended : adapter.info, options);
}

const pretended: GPUAdapterInfo = {
  __brand: 'GPUAdapterInfo',
  vendor: 'nvidia',
  architecture: '',
  device: 'a GPU in a dry run',
  description: 'a GPU in a dry run',
  isFallbackAdapter: false,
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
};
