import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Device } from '../../src/device/device.ts';
import { DeviceMemory } from '../../src/device/device-memory.ts';
import { collected, collectGarbage } from '../../src/device/garbage.ts';

const MB = 1024 * 1024;

/** Memory that is only counted. */
function counted() {
  const counters = { bytes: 0 };
  let id = 0;
  const device = {
    limits: { maxBufferBytes: 4096 * MB },
    counters,
    createBuffer(bytes: number) {
      counters.bytes += bytes;
      const destroy = () => {
        counters.bytes -= bytes;
      };
      return { id: id++, bytes, isMissing: false, destroy };
    },
  } as unknown as Device;
  return { memory: new DeviceMemory(device), counters };
}

test('an engine that is made to collect tells of an object that nobody holds', async () => {
  for (let round = 0; round < 5; round++) {
    let gone = false;
    const drop = () => {
      collected.register({}, () => {
        gone = true;
      });
    };
    drop();
    await collectGarbage();
    // What the engine was looking at already when it fell free is found the next time.
    if (!gone) await collectGarbage();
    assert.ok(gone, `round ${round}`);
  }
});

test('garbage is collected when twice as much is out as was left the last time', async () => {
  const { memory } = counted();
  const { pool } = memory;
  const slices = Array.from({ length: 2 }, () => pool.acquire(128 * MB, 'test'));
  assert.is(memory.collectIfDue(), undefined);
  slices.push(pool.acquire(128 * MB, 'test'));
  await memory.collectIfDue();
  // 384 MB were left: the next time is at 768.
  for (let i = 0; i < 3; i++) {
    slices.push(pool.acquire(128 * MB, 'test'));
    assert.is(memory.collectIfDue(), undefined);
  }
  slices.push(pool.acquire(128 * MB, 'test'));
  assert.instance(memory.collectIfDue(), Promise);
});

test('a free buffer goes back when eight times the memory was worked on without it', () => {
  const { memory, counters } = counted();
  const { pool } = memory;
  pool.release(pool.acquire(1024 * MB, 'once'));
  assert.is(counters.bytes, 1024 * MB);
  for (let i = 0; i < 40; i++) {
    pool.release(pool.acquire(128 * MB, 'each time'));
    memory.noteRun(512 * MB);
  }
  assert.is(counters.bytes, 128 * MB);
});

test('buffers that grow do not leave all smaller sizes behind', () => {
  const { memory, counters } = counted();
  const { pool, scratch } = memory;
  for (let i = 1; i <= 800; i++) {
    const bytes = Math.ceil(i / 2) * MB;
    scratch.buffers([bytes]);
    pool.release(pool.acquire(bytes, 'test'));
    memory.noteRun(2 * bytes);
    if (bytes > 150 * MB) assert.ok(counters.bytes <= 4 * bytes, `${counters.bytes} at ${i}`);
  }
});

test('what a loop needs in turns stays', () => {
  const { memory, counters } = counted();
  const { pool } = memory;
  const sizes = [100, 200, 300, 400, 500].map((n) => n * MB);
  const buffers = new Set<number>();
  for (let i = 0; i < 100; i++) {
    for (const bytes of sizes) {
      const slice = pool.acquire(bytes, 'test');
      buffers.add(slice.buffer.id);
      pool.release(slice);
      memory.noteRun(bytes);
    }
  }
  // 400 and 500 MB are of one class.
  assert.is(buffers.size, 4);
  assert.ok(counters.bytes > 0);
});

test('scratch grows to the hungriest plan, and shrinks after it', () => {
  const { memory, counters } = counted();
  const { scratch } = memory;
  const small = [64 * MB, 32 * MB];
  const large = [512 * MB, 64 * MB, 64 * MB];
  const first = scratch.buffers(small);
  assert.equal(
    first.map(({ bytes }) => bytes),
    small,
  );
  const grown = scratch.buffers(large);
  assert.is(counters.bytes, (512 + 64 + 64) * MB);
  // The small plan fits into the same.
  assert.is(scratch.buffers(small), grown);
  for (let i = 0; i < 200; i++) {
    scratch.buffers(small);
    memory.noteRun(96 * MB);
  }
  assert.is(counters.bytes, 96 * MB);
});

test('making room gives back all that is free', async () => {
  const { memory, counters } = counted();
  const { pool, scratch } = memory;
  const kept = pool.acquire(MB, 'kept');
  const small = Array.from({ length: 1000 }, () => pool.acquire(16, 'small'));
  for (const slice of [...small, pool.acquire(64 * MB, 'free')]) pool.release(slice);
  scratch.buffers([32 * MB]);
  await memory.collect();
  memory.giveBackUnused();
  assert.is(counters.bytes, kept.buffer.bytes);
});

test.run();
