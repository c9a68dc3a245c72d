import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BufferSlice, Device } from '../../src/device/device.ts';
import { WebGpuDevice } from '../../src/device/webgpu/webgpu-device.ts';
import { testDevice } from '../kernels/harness.ts';

const test = suite('the times of a submission');

const addOne = {
  name: 'add_one',
  source: `
@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < params.x) { words[id.x] += 1u; }
}`,
};

/** Adds one to 100 words, so many times; every third dispatch has no workgroups and adds none. */
async function additions(device: Device, count: number) {
  const [kernel] = await device.compile([addOne]);
  const slice = (bytes: number): BufferSlice => ({
    buffer: device.createBuffer(bytes, 'test'),
    offset: 0,
    bytes,
  });
  const [words, copy] = [slice(512), slice(512)];
  const recording = device.record(
    Array.from({ length: count }, (_, i) => ({
      kernel: kernel!,
      bindings: [words],
      params: Uint32Array.of(100, 0, 0, 0),
      workgroups: i % 3 === 2 ? 0 : 2,
    })),
  );
  device.write(words, new Uint32Array(128));
  return { recording, copies: [{ from: words, to: copy, bytes: 512 }], copy };
}

test('the work is done as by submit, and each dispatch has a time', async () => {
  const device = await testDevice();
  const { recording, copies, copy } = await additions(device, 6);
  await device.submit(recording, copies);
  const { submits, dispatches } = device.counters;
  const times = await device.time(recording, copies);
  assert.is(device.counters.submits, submits + 1);
  assert.is(device.counters.dispatches, dispatches + 6);
  const added = new Uint32Array(await device.read(copy));
  assert.equal([...added.slice(0, 100)], Array(100).fill(8));
  assert.equal([...added.slice(100)], Array(28).fill(0));
  const { begun, encoded, submitted, finished } = times;
  assert.ok(begun <= encoded && encoded <= submitted && submitted <= finished);
  const isTold = !(device instanceof WebGpuDevice) || device.gpu.features.has('timestamp-query');
  assert.is(times.dispatches?.length, isTold ? 6 : undefined);
  assert.ok(times.dispatches?.every((ms) => ms >= 0 && ms < finished - begun + 1) ?? true);
  recording.destroy();
});

test('so is one without dispatches', async () => {
  const device = await testDevice();
  const { recording, copies } = await additions(device, 0);
  const { dispatches } = await device.time(recording, copies);
  assert.is(dispatches?.length ?? 0, 0);
  recording.destroy();
});

test.run();
