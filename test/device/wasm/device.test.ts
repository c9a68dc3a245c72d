import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BufferSlice } from '../../../src/device/device.ts';
import { DeviceError, OutOfMemoryError } from '../../../src/errors.ts';
import { allocate, dispatchOf, failureOf, kernelOf, run, withDevice, wordsOf } from './harness.ts';

for (const shared of [true, false]) {
  const options = { threads: 2, shared };
  const memory = shared ? 'shared memory' : 'unshared memory';

  test(`${memory}: runs dispatches in order, then copies`, () =>
    withDevice(options, async (device) => {
      assert.is(device.threads, shared ? 2 : 1);
      const [a, b, c] = [0, 1, 2].map(() => allocate(device, 16)) as [
        BufferSlice,
        BufferSlice,
        BufferSlice,
      ];
      const fill = await kernelOf(device, 'fill');
      const combine = await kernelOf(device, 'combine');
      const recording = device.record([
        dispatchOf(fill, [a], 16, [5, 0, 0, 0]),
        dispatchOf(combine, [a, b], 16),
        dispatchOf(combine, [b, a], 16),
      ]);
      await device.submit(recording, [{ from: a, to: c, bytes: 40 }]);
      const expected = Uint32Array.from({ length: 16 }, (_, i) => (15 + i) * 3 + i);
      assert.equal(await wordsOf(device, a), expected);
      assert.equal(
        await wordsOf(device, c),
        expected.map((word, i) => (i < 10 ? word : 0)),
      );
    }));
}

test('a recording takes new parameters and bindings, and makes nothing when repeated', () =>
  withDevice({ threads: 1 }, async (device) => {
    const [a, b] = [allocate(device, 4), allocate(device, 4)];
    const fill = await kernelOf(device, 'fill');
    const recording = device.record([dispatchOf(fill, [a], 4, [1, 0, 0, 0])]);
    await device.submit(recording, []);
    const before = { ...device.counters };
    const used = device.memory.usedBytes;
    recording.rebind(0, [b]);
    recording.setParam(0, 0, 0xffffffff);
    for (let i = 0; i < 10; i++) await device.submit(recording, []);
    assert.equal([...(await wordsOf(device, a))], [1, 1, 1, 1]);
    assert.equal([...(await wordsOf(device, b))], new Array(4).fill(0xffffffff));
    const { submits, dispatches } = before;
    assert.equal(
      { ...device.counters },
      { ...before, submits: submits + 10, dispatches: dispatches + 10 },
    );
    assert.is(device.memory.usedBytes, used);
    recording.destroy();
    recording.destroy();
    assert.ok(device.memory.usedBytes < used);
    assert.instance(await failureOf(() => device.submit(recording, [])), DeviceError);
  }));

test('counts what it makes', () =>
  withDevice({ threads: 2 }, async (device) => {
    const a = allocate(device, 64);
    allocate(device, 64);
    a.buffer.destroy();
    a.buffer.destroy();
    const kernels = await device.compile([
      { name: 'one', source: 'fill' },
      { name: 'two', source: 'combine' },
      { name: 'other name, same kernel', source: 'fill' },
    ]);
    const [one, , other] = kernels;
    assert.is(one, other);
    assert.ok(one);
    const b = allocate(device, 64);
    await run(device, dispatchOf(one, [b], 3), dispatchOf(one, [b], 0));
    assert.equal(device.counters, {
      buffers: 2,
      bytes: 512,
      buffersCreated: 3,
      pipelines: 2,
      bindGroups: 2,
      submits: 1,
      dispatches: 2,
    });
  }));

test('a kernel sees the grid, the lengths of its bindings and slices that start inside a buffer', () =>
  withDevice({ threads: 1 }, async (device) => {
    const whole = allocate(device, 256);
    const part = { buffer: whole.buffer, offset: 256, bytes: 16 };
    const other = allocate(device, 20);
    await run(device, dispatchOf(await kernelOf(device, 'arguments'), [part, other], 7));
    const words = await wordsOf(device, whole);
    assert.equal([...words.subarray(64, 68)], [7, 1, 16, 80]);
    assert.ok(words.every((word, i) => word === 0 || (i >= 64 && i < 68)));
    await run(device, dispatchOf(await kernelOf(device, 'count'), [whole], 0));
    assert.equal(await wordsOf(device, whole), words, 'no workgroups, nothing done');
  }));

test('writes pad to whole words; reads give copies', () =>
  withDevice({ threads: 1 }, async (device) => {
    const a = allocate(device, 4);
    device.write(a, new Uint32Array(4).fill(0xaaaaaaaa));
    device.write(a, new Uint8Array([9, 1, 2, 3, 4, 5, 9]).subarray(1, 6));
    const copy = new Uint8Array(await device.read(a));
    assert.instance(copy.buffer, ArrayBuffer);
    const expected = [1, 2, 3, 4, 5, 0, 0, 0, ...new Array(8).fill(0xaa)];
    assert.equal([...copy], expected);
    device.write(a, new Uint8Array(16));
    assert.equal([...copy], expected);
  }));

test('what does not fit is an error', () =>
  withDevice({ threads: 1, maxBytes: 2 ** 24 }, async (device) => {
    const a = allocate(device, 4);
    const fill = await kernelOf(device, 'fill');
    const errors = await Promise.all([
      failureOf(() => device.write(a, new Uint8Array(17))),
      failureOf(() => device.read({ ...a, offset: 256 })),
      failureOf(() => device.record([dispatchOf(fill, [a, a], 1)])),
      failureOf(() => device.record([dispatchOf(fill, [{ ...a, bytes: 32 }], 1)])),
      failureOf(() =>
        run(device, dispatchOf(fill, [a], 1))
          .then(() => a.buffer.destroy())
          .then(() => run(device, dispatchOf(fill, [a], 1))),
      ),
      failureOf(() => device.compile([{ name: 'broken', source: 'invalid' }])),
    ]);
    for (const error of errors) assert.instance(error, DeviceError);
    assert.match(
      errors[2]?.message ?? '',
      'the_fill_kernel has 1 storage bindings, but was given 2',
    );
    assert.match(errors[5]?.message ?? '', 'Kernel broken');
    const large = await failureOf(() => device.createBuffer(2 ** 31, 'an embedding'));
    assert.instance(large, OutOfMemoryError);
    assert.match(large.message, 'an embedding needs 2147483648 bytes');
    assert.instance(await failureOf(() => device.createBuffer(2 ** 25, 'x')), OutOfMemoryError);
  }));

test('a buffer destroyed while it is bound is noticed', () =>
  withDevice({ threads: 1 }, async (device) => {
    const a = allocate(device, 4);
    const recording = device.record([dispatchOf(await kernelOf(device, 'fill'), [a], 1)]);
    a.buffer.destroy();
    assert.match((await failureOf(() => device.submit(recording, []))).message, 'was destroyed');
  }));

test('after destroy() every use is a DeviceError', () =>
  withDevice({ threads: 2 }, async (device) => {
    const a = allocate(device, 4);
    const fill = await kernelOf(device, 'fill');
    const recording = device.record([dispatchOf(fill, [a], 1)]);
    device.destroy();
    device.destroy();
    const uses = [
      () => device.createBuffer(16, 'x'),
      () => device.write(a, new Uint8Array(4)),
      () => device.read(a),
      () => device.compile([{ name: 'x', source: 'fill' }]),
      () => device.record([]),
      () => device.submit(recording, []),
      () => device.finish(),
    ];
    for (const use of uses) {
      const error = await failureOf(use);
      assert.instance(error, DeviceError);
      assert.match(error.message, 'after destroy()');
    }
    a.buffer.destroy();
    recording.destroy();
  }));

test('a loop of submissions lets timers fire', () =>
  withDevice({ threads: 1 }, async (device) => {
    const recording = device.record([]);
    let fired = false;
    setTimeout(() => {
      fired = true;
    }, 5);
    const start = performance.now();
    while (!fired && performance.now() - start < 1000) await device.submit(recording, []);
    assert.ok(fired);
  }));

test('fused multiply-adds are there on x64 and arm64, in every thread, and off on demand', async () => {
  const x = 1 + 2 ** -23;
  const bits = new Uint32Array(Float32Array.of(x, -(1 + 2 ** -22)).buffer);
  await withDevice({ threads: 2 }, async (device) => {
    if (!device.name.includes('FMA')) return;
    const out = allocate(device, 256);
    const params = [0, 5000, ...bits];
    await run(device, dispatchOf(await kernelOf(device, 'fused'), [out], 256, params));
    const values = new Float32Array(await device.read(out));
    assert.ok(values.every((value) => value === 2 ** -46));
  });
  await withDevice({ threads: 1, deterministic: true }, async (device) => {
    assert.not.match(device.name, 'FMA');
  });
});

test.run();
