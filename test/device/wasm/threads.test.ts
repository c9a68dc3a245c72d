import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DeviceError } from '../../../src/errors.ts';
import { allocate, dispatchOf, failureOf, kernelOf, run, withDevice, wordsOf } from './harness.ts';

for (const threads of [1, 2, 4]) {
  const named = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;

  test(`${named}: every workgroup runs exactly once`, () =>
    withDevice({ threads }, async (device) => {
      const counts = allocate(device, 5000);
      const count = await kernelOf(device, 'count');
      const sizes = [1, 2, 3, 31, 32, 33, 63, 64, 65, 100, 1000, 4096, 4999, 5000];
      const rounds = 30;
      const recording = device.record(sizes.map((size) => dispatchOf(count, [counts], size)));
      for (let i = 0; i < rounds; i++) await device.submit(recording, []);
      const expected = Uint32Array.from(
        { length: 5000 },
        (_, i) => rounds * sizes.filter((size) => size > i).length,
      );
      assert.equal(await wordsOf(device, counts), expected);
    }));

  test(`${named}: each has scratch of its own and sees what the dispatch before wrote`, () =>
    withDevice({ threads }, async (device) => {
      const [a, b] = [allocate(device, 999), allocate(device, 999)];
      const work = await kernelOf(device, 'work');
      const combine = await kernelOf(device, 'combine');
      const steps = [1, 2, 3].flatMap((n) => [
        dispatchOf(work, [a], 999, [0, 500 * n, 0, 0]),
        dispatchOf(combine, [a, b], 999),
        dispatchOf(combine, [b, a], 999),
      ]);
      for (let i = 0; i < 5; i++) await run(device, ...steps);
      const expected = Uint32Array.from({ length: 1000 }, (_, i) => {
        return i < 999 ? ((1500 ^ i) * 3 + i) * 3 + i : 0;
      });
      assert.equal(await wordsOf(device, a), expected);
    }));
}

test('all threads take part, each with what it can', () =>
  withDevice({ threads: 2 }, async (device) => {
    const out = allocate(device, 400);
    const who = await kernelOf(device, 'who');
    let met = 0;
    for (let i = 0; i < 50 && met < 2; i++) {
      await run(device, dispatchOf(who, [out], 400, [0, 20000, 0, 0]));
      met = new Set(await wordsOf(device, out)).size;
    }
    assert.is(met, 2);
  }));

test('few workgroups with much work are shared once that is known', () =>
  withDevice({ threads: 2 }, async (device) => {
    const out = allocate(device, 8);
    const who = await kernelOf(device, 'who');
    const recording = device.record([dispatchOf(who, [out], 8, [0, 200000, 0, 0])]);
    let met = 0;
    for (let i = 0; i < 100 && met < 2; i++) {
      await device.submit(recording, []);
      met = new Set((await wordsOf(device, out)).subarray(0, 8)).size;
      if (i === 0) assert.is(met, 1);
    }
    assert.is(met, 2);
  }));

test('small dispatches stay on the calling thread', () =>
  withDevice({ threads: 4 }, async (device) => {
    const out = allocate(device, 16);
    await run(device, dispatchOf(await kernelOf(device, 'who'), [out], 16, [0, 10, 0, 0]));
    assert.is(new Set(await wordsOf(device, out)).size, 1);
  }));

test('workers see memory that grew after they started', () =>
  withDevice({ threads: 4 }, async (device) => {
    const who = await kernelOf(device, 'work');
    for (let i = 0; i < 6; i++) {
      const words = 2 ** 20 * (i + 1);
      const out = allocate(device, words * 4);
      const tail = { buffer: out.buffer, offset: words * 16 - 4096, bytes: 4096 };
      await run(device, dispatchOf(who, [tail], 1024, [0, 300, 0, 0]));
      const written = await wordsOf(device, tail);
      assert.ok(written.every((word, g) => word === (300 ^ g)));
    }
  }));

for (const [where, bad] of [
  ['near the start', 3],
  ['in the middle', 500],
  ['at the end', 999],
] as const) {
  test(`a trap ${where} is a DeviceError that names the kernel, and the device goes on`, () =>
    withDevice({ threads: 3 }, async (device) => {
      const out = allocate(device, 1000);
      const trap = await kernelOf(device, 'trap');
      const count = await kernelOf(device, 'count');
      for (let i = 1; i <= 10; i++) {
        const error = await failureOf(() =>
          run(
            device,
            dispatchOf(trap, [out], 1000, [bad, 100, 0, 0]),
            dispatchOf(count, [out], 1000),
          ),
        );
        assert.instance(error, DeviceError);
        assert.match(error.message, /the_trap_kernel failed at workgroup \d+ .*unreachable/);
        await run(device, dispatchOf(count, [out], 1000));
        assert.ok((await wordsOf(device, out)).every((word) => word === i));
      }
    }));
}

test('an access outside all memory traps too', () =>
  withDevice({ threads: 2 }, async (device) => {
    const out = allocate(device, 64);
    const outside = await kernelOf(device, 'outside');
    const error = await failureOf(() => run(device, dispatchOf(outside, [out], 64)));
    assert.match(error.message, /the_outside_kernel failed .*out of bounds/);
  }));

test('thirty dispatches cost a small part of a training step', () =>
  withDevice({ threads: 2 }, async (device) => {
    const out = allocate(device, 64);
    const fill = await kernelOf(device, 'fill');
    const recording = device.record(
      Array.from({ length: 30 }, (_, i) => dispatchOf(fill, [out], i % 2 === 0 ? 4 : 64)),
    );
    const times: number[] = [];
    for (let i = 0; i < 400; i++) {
      const start = performance.now();
      await device.submit(recording, []);
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[200] as number;
    // It takes 20 µs on a free machine; the bound is for one where others compute too.
    assert.ok(median < 0.5, `the median is ${median} ms`);
  }));

test.run();
