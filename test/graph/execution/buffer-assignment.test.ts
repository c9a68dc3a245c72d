import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assignBuffers, type Lifetime } from '../../../src/graph/execution/buffer-assignment.ts';

const lifetimes = fc.array(
  fc
    .tuple(
      fc.integer({ min: 16, max: 4096 }),
      fc.integer({ min: 0, max: 20 }),
      fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constant(Number.POSITIVE_INFINITY)),
    )
    .map(([bytes, first, length]): Lifetime => ({ bytes, first, last: first + length })),
  { maxLength: 24 },
);

const total = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);

test('values that live at the same time never share a buffer, and each fits into its own', () => {
  fc.assert(
    fc.property(lifetimes, (all) => {
      const { buffers, placeOf } = assignBuffers(all);
      all.forEach((a, i) => {
        assert.ok((buffers[placeOf[i] as number] as number) >= a.bytes);
        all.forEach((b, j) => {
          // A dispatch that reads one and writes the other has both at once: ends are included.
          const overlap = a.first <= b.last && b.first <= a.last;
          if (i < j && overlap) assert.is.not(placeOf[i], placeOf[j]);
        });
      });
    }),
  );
});

test('buffers together are no larger than a buffer for every value', () => {
  fc.assert(
    fc.property(lifetimes, (all) => {
      const { buffers } = assignBuffers(all);
      assert.ok(total(buffers) <= total(all.map(({ bytes }) => bytes)));
      assert.ok(buffers.every((bytes) => bytes > 0));
    }),
  );
});

test('there are as many buffers as values at the busiest step, no more', () => {
  fc.assert(
    fc.property(lifetimes, (all) => {
      const living = (step: number) =>
        all.filter(({ first, last }) => first <= step && step <= last).length;
      const busiest = Math.max(0, ...all.map(({ first }) => living(first)));
      assert.is(assignBuffers(all).buffers.length, busiest);
    }),
  );
});

test('a chain of steps lives in two buffers', () => {
  const chain = Array.from({ length: 10 }, (_, i) => ({ bytes: 256, first: i, last: i + 1 }));
  assert.equal(assignBuffers(chain).buffers, [256, 256]);
});

test('the smallest free buffer that fits is taken', () => {
  const { placeOf } = assignBuffers([
    { bytes: 1000, first: 0, last: 1 },
    { bytes: 100, first: 0, last: 1 },
    { bytes: 90, first: 2, last: 3 },
    { bytes: 900, first: 2, last: 3 },
  ]);
  assert.equal(placeOf, [0, 1, 1, 0]);
});

test('nothing to place needs no buffers', () => {
  assert.equal(assignBuffers([]), { buffers: [], placeOf: [] });
});

test.run();
