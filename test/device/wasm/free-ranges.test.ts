import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FreeRanges } from '../../../src/device/wasm/free-ranges.ts';

const SIZE = 400;

test('hands out what is free, once, and joins what comes back', () => {
  const steps = fc.array(fc.record({ size: fc.integer({ min: 1, max: 60 }), give: fc.nat() }), {
    maxLength: 120,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const ranges = new FreeRanges();
      ranges.give(0, SIZE);
      const owner = new Int32Array(SIZE).fill(-1);
      const taken: { start: number; size: number }[] = [];
      const giveBack = (index: number) => {
        const [{ start, size }] = taken.splice(index, 1) as [{ start: number; size: number }];
        owner.fill(-1, start, start + size);
        ranges.give(start, size);
      };
      list.forEach(({ size, give }, step) => {
        if (give % 3 === 0 && taken.length > 0) giveBack(give % taken.length);
        const runs = freeRuns(owner);
        assert.is(ranges.count, runs.length, 'as many pieces as there are gaps');
        assert.is(ranges.largest, Math.max(0, ...runs));
        assert.is(ranges.endingAt(SIZE), endingRun(owner));
        const start = ranges.take(size);
        const fitting = runs.filter((run) => run >= size);
        assert.is(start === undefined, fitting.length === 0, 'fails only where nothing fits');
        if (start === undefined) return;
        assert.ok(owner.subarray(start, start + size).every((who) => who === -1));
        owner.fill(step, start, start + size);
        taken.push({ start, size });
      });
      while (taken.length > 0) giveBack(taken.length >> 1);
      assert.is(ranges.count, 1);
      assert.is(ranges.take(SIZE), 0, 'all of it is one piece again');
    }),
    { numRuns: 200 },
  );
});

test('takes the smallest piece that is large enough', () => {
  const ranges = new FreeRanges();
  for (const [start, size] of [
    [0, 100],
    [200, 30],
    [300, 40],
  ] as const)
    ranges.give(start, size);
  assert.is(ranges.take(30), 200);
  assert.is(ranges.take(30), 300);
  assert.is(ranges.take(101), undefined);
});

function freeRuns(owner: Int32Array): number[] {
  const runs: number[] = [];
  let length = 0;
  for (const who of [...owner, 0]) {
    if (who === -1) length++;
    else if (length > 0) {
      runs.push(length);
      length = 0;
    }
  }
  return runs;
}

function endingRun(owner: Int32Array): number {
  let length = 0;
  while (length < SIZE && owner[SIZE - 1 - length] === -1) length++;
  return length;
}

test.run();
