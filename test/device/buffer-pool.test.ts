import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BufferPool, sizeClass } from '../../src/device/buffer-pool.ts';
import { BINDING_ALIGNMENT, type BufferSlice, type Device } from '../../src/device/device.ts';
import { OutOfMemoryError } from '../../src/errors.ts';

const LIMIT = 1024 * 1024;

/** Memory that is only counted. */
function counted() {
  const state = { created: 0 };
  const device = {
    limits: { maxBufferBytes: LIMIT },
    createBuffer(bytes: number) {
      if (bytes > LIMIT) throw new OutOfMemoryError('too much');
      return { id: state.created++, bytes, destroy() {} };
    },
  } as unknown as Device;
  return { pool: new BufferPool(device), state };
}

test('a size class holds its size and wastes at most a third of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 257, max: 2 ** 30 }), (bytes) => {
      const size = sizeClass(bytes);
      assert.ok(size >= bytes);
      assert.is(size % BINDING_ALIGNMENT, 0);
      if (bytes > 512) assert.ok((size - bytes) / size <= 1 / 3 + 1e-9);
    }),
  );
});

test('slices that are out at the same time do not overlap, and can be bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bytes: fc.integer({ min: 16, max: 5000 }), giveBack: fc.nat(20) }), {
        maxLength: 60,
      }),
      (requests) => {
        const { pool } = counted();
        const out: BufferSlice[] = [];
        for (const { bytes, giveBack } of requests) {
          const slice = pool.acquire(bytes, 'test');
          assert.ok(slice.bytes >= bytes);
          assert.is(slice.offset % BINDING_ALIGNMENT, 0);
          assert.ok(slice.offset + slice.bytes <= slice.buffer.bytes);
          const overlapping = out.some(
            ({ buffer, offset, bytes: size }) =>
              buffer === slice.buffer &&
              offset < slice.offset + slice.bytes &&
              slice.offset < offset + size,
          );
          assert.not(overlapping);
          out.push(slice);
          const [returned] = giveBack < out.length ? out.splice(giveBack, 1) : [];
          if (returned) pool.release(returned);
        }
        assert.is(pool.liveSlices, out.length);
      },
    ),
  );
});

test('what was given back serves again', () => {
  const { pool, state } = counted();
  for (let i = 0; i < 50; i++) {
    const slices = [16, 256, 300, 5000, 4800].map((bytes) => pool.acquire(bytes, 'test'));
    for (const slice of slices) pool.release(slice);
  }
  assert.is(state.created, 4);
});

test('a size near the limit is not rounded over it, one beyond it is refused', () => {
  const { pool } = counted();
  assert.is(pool.acquire(LIMIT - 16, 'test').buffer.bytes, LIMIT);
  assert.throws(
    () => pool.acquire(LIMIT + 16, 'test'),
    (error: Error) => error instanceof OutOfMemoryError,
  );
  assert.is(pool.liveSlices, 1);
});

test.run();
