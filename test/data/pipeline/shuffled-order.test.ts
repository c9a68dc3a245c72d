import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shuffledOrder } from '../../../src/data/pipeline/shuffled-order.ts';
import { DataError } from '../../../src/errors.ts';

const test = suite('shuffled order');

test('every epoch is a permutation', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.maxSafeInteger(), fc.nat(100), (count, seed, epoch) => {
      assert.equal(
        [...shuffledOrder(count, seed, epoch)].sort((a, b) => a - b),
        Array.from({ length: count }, (_, item) => item),
      );
    }),
  );
});

test('seed and epoch decide the order, and it is the same each time', () => {
  assert.equal(shuffledOrder(50, 3, 2), shuffledOrder(50, 3, 2));
  assert.not.equal(shuffledOrder(50, 3, 2), shuffledOrder(50, 3, 3));
  assert.not.equal(shuffledOrder(50, 3, 2), shuffledOrder(50, 4, 2));
});

test('every order of three items turns up about equally often', () => {
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 6000; epoch++) {
    const order = shuffledOrder(3, 9, epoch).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.is(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 150, `${count}`);
});

test('a seed that is no whole number is refused', () => {
  assert.throws(
    () => shuffledOrder(10, 0.5, 0),
    (error: unknown) => error instanceof DataError && error.message.includes('seed'),
  );
});

test.run();
