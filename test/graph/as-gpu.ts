import type { Device } from '../../src/device/device.ts';
import { kinds } from '../kernels/harness.ts';

/** The same device, for which kernels for GPUs are chosen. */
export function asGpu(device: Device): Device {
  return new Proxy(device, {
    get(target, key) {
      if (key === 'limits') return { ...target.limits, ...kinds.gpu };
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
