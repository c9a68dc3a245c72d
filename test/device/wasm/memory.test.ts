import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collected } from '../../../src/device/garbage.ts';
import { type Block, WasmMemory } from '../../../src/device/wasm/memory.ts';
import { OutOfMemoryError } from '../../../src/errors.ts';
import { allocate, dispatchOf, failureOf, kernelOf, run, withDevice } from './harness.ts';

const PAGE = 65536;

for (const shared of [true, false]) {
  const kind = shared ? 'shared' : 'unshared';

  test(`${kind}: blocks are aligned, zeroed, apart, and keep what is written while it grows`, () => {
    const steps = fc.array(
      fc.record({ bytes: fc.integer({ min: 0, max: 3 * PAGE }), release: fc.nat() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const memory = new WasmMemory(shared, 2 ** 28);
        const live: { block: Block; mark: number }[] = [];
        const check = ({ block: { address, bytes }, mark }: (typeof live)[number]) => {
          const words = memory.words.subarray(address / 4, (address + bytes) / 4);
          assert.ok(words.every((word) => word === mark));
        };
        list.forEach(({ bytes, release }, i) => {
          if (release % 2 === 1 && live.length > 0) {
            const [gone] = live.splice(release % live.length, 1) as [(typeof live)[number]];
            check(gone);
            memory.release(gone.block);
          }
          const block = memory.allocate(bytes, `block ${i % 3}`);
          const end = block.address + block.bytes;
          assert.is(block.address % 64, 0);
          assert.ok(block.bytes >= bytes);
          assert.ok(block.address >= PAGE, 'the first page is nobody’s');
          assert.ok(end <= memory.memory.buffer.byteLength - PAGE, 'nor is the last');
          assert.is(memory.bytes.byteLength, memory.memory.buffer.byteLength);
          check({ block, mark: 0 });
          memory.words.fill(i + 1, block.address / 4, end / 4);
          live.push({ block, mark: i + 1 });
        });
        for (const one of live) check(one);
        const used = live.reduce((sum, { block }) => sum + block.bytes, 0);
        assert.is(memory.usedBytes, used);
      }),
      { numRuns: 25 },
    );
  });
}

test('memory that comes back is used again before it grows', () => {
  const memory = new WasmMemory(true);
  const first = memory.allocate(40 * 2 ** 20, 'first');
  const size = memory.memory.buffer.byteLength;
  for (let i = 0; i < 20; i++) {
    memory.release(memory.allocate(20 * 2 ** 20, 'again'));
    if (i === 0) memory.release(first);
  }
  assert.ok(memory.memory.buffer.byteLength <= size + 32 * 2 ** 20);
});

test('reaches 4 GiB', async () => {
  const memory = new WasmMemory(true);
  const half = memory.allocate(2 ** 31, 'half');
  const rest = memory.allocate(2 ** 31 - 2 * PAGE, 'rest');
  assert.is(memory.memory.buffer.byteLength, 2 ** 32);
  memory.bytes[rest.address + rest.bytes - 1] = 7;
  assert.is(memory.bytes[2 ** 32 - PAGE - 1], 7);
  assert.is(half.address, PAGE);
  assert.instance(await failureOf(() => memory.allocate(64, 'one more')), OutOfMemoryError);
});

test('running out says what was asked for, by what, and who has the rest', async () => {
  const memory = new WasmMemory(true, 64 * 2 ** 20);
  memory.allocate(30 * 2 ** 20, 'the weights');
  memory.allocate(10 * 2 ** 20, 'an image');
  const error = await failureOf(() => memory.allocate(25 * 2 ** 20, 'conv2d of [9, 9]'));
  assert.instance(error, OutOfMemoryError);
  assert.match(error.message, 'conv2d of [9, 9] needs 25.0 MiB (26214400 bytes)');
  assert.match(error.message, '40.0 MiB of the 63.9 MiB');
  assert.match(error.message, 'the weights 30.0 MiB, an image 10.0 MiB');
  memory.allocate(20 * 2 ** 20, 'what does fit');
});

test('the memory of a closed device is free again, whoever still holds its buffers', async () => {
  let kept = 0;
  const held: unknown[] = [];
  for (let i = 0; i < 12; i++) {
    await withDevice({ threads: 2 }, async (device) => {
      const large = allocate(device, 2 ** 24, 'large');
      await run(device, dispatchOf(await kernelOf(device, 'fill'), [large], 2 ** 24));
      kept++;
      collected.register(device.memory.memory, () => {
        kept--;
      });
      held.push(device, large);
    });
    // 256 MB may be left uncollected, and that of one that the collector had just looked at.
    assert.ok(kept <= 6, `${kept} devices of 64 MB`);
  }
  assert.is(held.length, 24);
});

test.run();
