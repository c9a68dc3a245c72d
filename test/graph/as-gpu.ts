import type { Test } from 'uvu';
import type { Device } from '../../src/device/device.ts';
import { runtime, setDevice } from '../../src/graph/execution/current-runtime.ts';
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

/** What tests compute on: a device as it is, and as if it were a GPU. */
export const devices = [
  ['', (device: Device) => device],
  [', as on a GPU', asGpu],
] as const;

/** The device that there is when a suite begins, since those before close theirs; it is set again in the end. */
export function ownDevice(test: Test): () => Device {
  let own: Device;
  test.before(async () => {
    own = (await runtime()).device;
  });
  test.after(async () => {
    await setDevice(own);
  });
  return () => own;
}
