import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BufferSlice } from '../../../src/device/device.ts';
import type { WasmDevice } from '../../../src/device/wasm/wasm-device.ts';
import type { Workers } from '../../../src/device/wasm/workers.ts';
import { DeviceError, DeviceLostError } from '../../../src/errors.ts';
import {
  allocate,
  dispatchOf,
  failureOf,
  kernelOf,
  run,
  settled,
  withDevice,
  wordsOf,
} from './harness.ts';

const GROUPS = 400;

interface Held {
  /** A submission that a worker does not leave until `release` is called. */
  readonly submission: Promise<void>;
  readonly release: () => void;
  /** `GROUPS` words; each is 1 when the submission is done. */
  readonly counts: BufferSlice;
}

/** Submits a kernel that keeps every worker that joins. */
async function hold(device: WasmDevice): Promise<Held> {
  const [who, kernel] = [await kernelOf(device, 'who'), await kernelOf(device, 'hold')];
  const [first, gate] = [allocate(device, 4), allocate(device, 4)];
  await run(device, dispatchOf(who, [first], 1, [0, 1, 0, 0]));
  const [scratch] = await wordsOf(device, first);
  for (let attempt = 0; attempt < 50; attempt++) {
    const counts = allocate(device, GROUPS);
    const params = [scratch as number, 20000, 0, 0];
    const submission = run(device, dispatchOf(kernel, [counts, gate], GROUPS, params));
    if (await settled(submission)) continue; // No worker came in time.
    const release = () => {
      const { address } = gate.buffer as unknown as { readonly address: number };
      Atomics.store(device.memory.words, address / 4, 1);
    };
    return { submission, release, counts };
  }
  throw new Error('no worker ever joined');
}

/** The threads of a device, for a test to end them as a system without memory would. */
function threadsOf(device: WasmDevice): { end(): void }[] {
  const { threads } = device.workers as unknown as { threads: { end(): void }[] };
  assert.ok((device.workers as Workers).started > 0 && threads.length > 0);
  return threads;
}

test('the event loop moves on while a worker is late, and the submission ends when it comes', () =>
  withDevice({ threads: 2 }, async (device) => {
    const { submission, release, counts } = await hold(device);
    setTimeout(release, 30);
    await submission;
    assert.ok((await wordsOf(device, counts)).every((word) => word === 1));
  }));

test('what is asked for while a worker is late is done afterwards and in order', () =>
  withDevice({ threads: 2 }, async (device) => {
    const { submission, release, counts } = await hold(device);
    const count = await kernelOf(device, 'count');
    const again = device.record([dispatchOf(count, [counts], GROUPS)]);
    const ones = wordsOf(device, counts);
    const submitted = device.submit(again, []);
    const twos = wordsOf(device, counts);
    const words = new Uint32Array(GROUPS).fill(7);
    device.write(counts, words);
    words.fill(9);
    const sevens = wordsOf(device, counts);
    const used = device.memory.usedBytes;
    allocate(device, 1000).buffer.destroy();
    assert.ok(device.memory.usedBytes > used, 'memory is not reused before the work is done');
    assert.not.ok(await settled(ones));
    release();
    await submission;
    await submitted;
    assert.ok((await ones).every((word) => word === 1));
    assert.ok((await twos).every((word) => word === 2));
    assert.ok((await sevens).every((word) => word === 7));
    assert.ok(device.memory.usedBytes <= used);
    again.destroy();
  }));

test('a thread that dies inside a kernel is a DeviceLostError that names it, not a wait for ever', () =>
  withDevice({ threads: 2 }, async (device) => {
    const { submission } = await hold(device);
    for (const thread of threadsOf(device)) thread.end();
    const error = await failureOf(() => submission);
    assert.instance(error, DeviceLostError);
    assert.match(error.message, /the_hold_kernel failed: A thread of the CPU device ended/);
    assert.instance(await failureOf(() => device.finish()), DeviceLostError);
    const count = await kernelOf(device, 'count');
    const next = run(device, dispatchOf(count, [allocate(device, 4)], 4));
    assert.instance(await failureOf(() => next), DeviceLostError);
  }));

test('a device closed while a worker is late ends the submission with an error', () =>
  withDevice({ threads: 2 }, async (device) => {
    const { submission, counts } = await hold(device);
    const reading = wordsOf(device, counts);
    device.destroy();
    for (const work of [submission, reading]) {
      const error = await failureOf(() => work);
      assert.instance(error, DeviceError);
      assert.match(error.message, /closed while it computed|after destroy/);
    }
  }));

test.run();
