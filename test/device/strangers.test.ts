import { test } from 'uvu';
import type { DeviceBuffer, Kernel, Recording } from '../../src/device/device.ts';
import { DeviceError } from '../../src/errors.ts';
import { testDevice } from '../kernels/harness.ts';
import { refuses, rejects } from '../tensor/refusal.ts';

// What another kind of device made has the same types and is another class.

const buffer: DeviceBuffer = { id: -1, bytes: 16, isMissing: false, destroy() {} };
const slice = { buffer, offset: 0, bytes: 16 };

test("another device's buffer is refused wherever one is given", async () => {
  const device = await testDevice();
  const message = /another device's buffer/;
  refuses(() => device.write(slice, new Float32Array(4)), DeviceError, message);
  await rejects(async () => device.read(slice), DeviceError, message);
  const recording = device.record([]);
  await rejects(
    async () => device.submit(recording, [{ from: slice, to: slice, bytes: 16 }]),
    DeviceError,
    message,
  );
  recording.destroy();
});

test("another device's kernel and recording are refused", async () => {
  const device = await testDevice();
  const kernel: Kernel = { program: { name: 'stranger', source: '' } };
  const dispatch = { kernel, bindings: [], params: new Uint32Array(4), workgroups: 1 };
  refuses(() => device.record([dispatch]), DeviceError, /another device's kernel/);
  const recording: Recording = { setParam() {}, rebind() {}, destroy() {} };
  await rejects(
    async () => device.submit(recording, []),
    DeviceError,
    /another device's recording/,
  );
  await rejects(async () => device.time(recording, []), DeviceError, /another device's recording/);
});

test.run();
