// GPUs as WebGPU presents them, for runs without one.
import type { DeviceLimits } from '../../src/device/device.ts';

/** NVIDIA's H100, as Dawn's limits are on Vulkan. */
export const h100: DeviceLimits = {
  cpu: false,
  slowLoads: false,
  // 132 multiprocessors of 512 invocations.
  lanes: 67_584,
  maxWorkgroupBytes: 48 * 1024,
  maxStorageBuffers: 16,
  maxBindingBytes: 2 ** 32 - 4,
  maxBufferBytes: 2 ** 32,
  maxWorkgroupsPerDimension: 65_535,
};
