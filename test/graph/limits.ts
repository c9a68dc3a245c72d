import type { DeviceLimits } from '../../src/device/device.ts';

/** What the WebGPU standard promises everywhere, on a device that runs on the CPU. */
export const STANDARD_LIMITS: DeviceLimits = {
  cpu: true,
  slowLoads: false,
  lanes: 64,
  maxWorkgroupBytes: 16 * 1024,
  maxStorageBuffers: 8,
  maxBindingBytes: 128 * 1024 * 1024,
  maxBufferBytes: 256 * 1024 * 1024,
  maxWorkgroupsPerDimension: 65535,
};
