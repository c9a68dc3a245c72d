import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BufferSlice } from '../../../src/device/device.ts';
import { openWebGpu, type WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';
import { DeviceError, DeviceLostError, OutOfMemoryError } from '../../../src/errors.ts';

const test = suite<{ device: WebGpuDevice }>('the WebGPU device');

test.before.each(async (context) => {
  context.device = await openWebGpu();
});

test.after.each(({ device }) => device.destroy());

async function failure(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const slice = (device: WebGpuDevice, bytes: number): BufferSlice => ({
  buffer: device.createBuffer(bytes, 'test'),
  offset: 0,
  bytes,
});

/** Doubles the words of its one buffer in place. */
const double = {
  name: 'double',
  source: `
@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.x + group.y * groups.x) * 64u + lane;
  if (i >= params.x) { return; }
  words[i] = words[i] * params.y;
}`,
};

test('how many invocations it runs at once can be said', async () => {
  const device = await openWebGpu({ lanes: 67_584 });
  assert.is(device.limits.lanes, 67_584);
  device.destroy();
  assert.match((await failure(() => openWebGpu({ lanes: 0.5 }))).message, 'lanes');
  const unknown = { lane: 4 } as object;
  assert.match((await failure(() => openWebGpu(unknown))).message, 'lanes');
});

test('kernels are measured on it where that is asked for', async () => {
  for (const tune of [undefined, false, true]) {
    const device = await openWebGpu(tune === undefined ? {} : { tune });
    assert.is(device.tuning !== undefined, tune === true);
    device.destroy();
  }
  const wrong = { tune: 'yes' } as object;
  assert.match((await failure(() => openWebGpu(wrong))).message, /tune.*true or false/);
});

test('writes and reads any number of bytes', async ({ device }) => {
  const whole = Uint8Array.from({ length: 40 }, (_, i) => i + 1);
  for (const count of [0, 1, 2, 3, 4, 5, 7, 8, 13, 31]) {
    const to = slice(device, 48);
    device.write(to, whole.subarray(3, 3 + count));
    const bytes = new Uint8Array(await device.read(to));
    assert.equal([...bytes.subarray(0, count)], [...whole.subarray(3, 3 + count)]);
    assert.ok(bytes.subarray(count).every((byte) => byte === 0));
  }
});

test('reads parts of a buffer', async ({ device }) => {
  const whole = slice(device, 1024);
  device.write(
    whole,
    Uint32Array.from({ length: 256 }, (_, i) => i),
  );
  const part = await device.read({ ...whole, offset: 512, bytes: 16 });
  assert.equal([...new Uint32Array(part)], [128, 129, 130, 131]);
  assert.is((await device.read({ ...whole, bytes: 0 })).byteLength, 0);
});

test('replays a recording with other parameters and other buffers', async ({ device }) => {
  const [kernel] = await device.compile([double]);
  const [a, b] = [slice(device, 16), slice(device, 16)];
  device.write(a, Uint32Array.of(1, 2, 3, 4));
  device.write(b, Uint32Array.of(5, 6, 7, 8));
  const params = Uint32Array.of(4, 2, 0, 0);
  const recording = device.record([{ kernel: kernel!, bindings: [a], params, workgroups: 1 }]);
  await device.submit(recording, []);
  recording.setParam(0, 1, 10);
  await device.submit(recording, []);
  recording.rebind(0, [b]);
  await device.submit(recording, [{ from: b, to: a, bytes: 8 }]);
  const { bindGroups } = device.counters;
  recording.rebind(0, [a]);
  await device.submit(recording, []);
  assert.is(device.counters.bindGroups, bindGroups, 'known bindings need no new bind group');
  assert.equal([...new Uint32Array(await device.read(b))], [50, 60, 70, 80]);
  assert.equal([...new Uint32Array(await device.read(a))], [500, 600, 600, 800]);
});

test('runs more workgroups than one dimension holds, and none', async ({ device }) => {
  const [kernel] = await device.compile([double]);
  const count = 65_537 * 64 - 3;
  const words = slice(device, 65_537 * 64 * 4);
  device.write(words, new Uint32Array(65_537 * 64).fill(1));
  const params = Uint32Array.of(count, 3, 0, 0);
  const bindings = [words];
  const recording = device.record([
    { kernel: kernel!, bindings, params, workgroups: 65_537 },
    { kernel: kernel!, bindings, params, workgroups: 0 },
  ]);
  await device.submit(recording, []);
  const result = new Uint32Array(await device.read(words));
  assert.ok(result.subarray(0, count).every((word) => word === 3));
  assert.equal([...result.subarray(count)], [1, 1, 1]);
});

test('refuses a buffer over its limit, naming what it was for', async ({ device }) => {
  const error = await failure(() => device.createBuffer(2 ** 45, 'activations'));
  assert.instance(error, OutOfMemoryError);
  assert.match(error.message, /activations needs 35184372088832 bytes/);
});

test('names kernel and line where a shader does not compile, and goes on', async ({ device }) => {
  const source = '@compute @workgroup_size(1)\nfn main() {\n  let x = y;\n}';
  const error = await failure(() => device.compile([{ name: 'broken_kernel', source }]));
  assert.instance(error, DeviceError);
  assert.match(error.message, /Kernel broken_kernel does not compile/);
  assert.match(error.message, /3:11 error: .*'y'/);
  await device.compile([double]);
  await device.finish();
});

test('compiles equal programs once', async ({ device }) => {
  const [first, second] = await device.compile([double, { ...double }]);
  assert.is(first, second);
  assert.is(device.counters.pipelines, 1);
});

test('tells of a mistake that WebGPU found later', async ({ device }) => {
  const [kernel] = await device.compile([double]);
  const words = slice(device, 16);
  const params = Uint32Array.of(4, 2, 0, 0);
  // A binding that is not aligned: the bind group is invalid.
  const bindings = [{ ...words, offset: 4, bytes: 8 }];
  const recording = device.record([{ kernel: kernel!, bindings, params, workgroups: 1 }]);
  const error = await failure(async () => {
    await device.submit(recording, []);
    await device.finish();
    await device.finish();
  });
  assert.instance(error, DeviceError);
  await device.finish();
});

test('counts its buffers and bytes', ({ device }) => {
  const buffer = device.createBuffer(256, 'a');
  device.createBuffer(512, 'b');
  assert.equal([device.counters.buffers, device.counters.bytes], [2, 768]);
  buffer.destroy();
  assert.equal([device.counters.buffers, device.counters.bytes], [1, 512]);
  assert.is(device.counters.buffersCreated, 2);
});

test('says that it was lost, now and later', async ({ device }) => {
  const words = slice(device, 16);
  device.gpu.destroy();
  for (let i = 0; i < 2; i++) {
    const error = await failure(() => device.read(words));
    assert.instance(error, DeviceLostError);
    assert.match(error.message, /Its tensors are gone/);
  }
});

test('says that it was closed', async ({ device }) => {
  const words = slice(device, 16);
  const reading = failure(() => device.read(words));
  device.destroy();
  for (const error of [
    await reading,
    await failure(() => device.read(words)),
    await failure(() => device.write(words, Uint32Array.of(1))),
  ]) {
    assert.instance(error, DeviceError);
    assert.match(error.message, /was closed/);
  }
});

test.run();
