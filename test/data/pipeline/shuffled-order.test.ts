import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { batches } from '../../../src/data/pipeline/shuffled-order.ts';
import { DataError } from '../../../src/errors.ts';

const test = suite('batches');

const orderOf = (...args: Parameters<typeof batches>) =>
  [...batches(...args)].flatMap((batch) => [...batch]);

test('every epoch is a permutation, cut into full batches and one rest', () => {
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.integer({ min: 1, max: 70 }),
      fc.maxSafeInteger(),
      fc.nat(100),
      (count, batchSize, seed, epoch) => {
        const all = batches(count, { batchSize, shuffle: true, seed, epoch });
        const sizes = [...all].map((batch) => batch.length);
        assert.is(sizes.length, all.length);
        assert.ok(sizes.slice(0, -1).every((size) => size === batchSize));
        const order = [...all].flatMap((batch) => [...batch]);
        assert.equal(
          order.sort((a, b) => a - b),
          Array.from({ length: count }, (_, item) => item),
        );
      },
    ),
  );
});

test('dropLast leaves out what does not fill a batch and nothing else', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.integer({ min: 1, max: 40 }), (count, batchSize) => {
      const options = { batchSize, shuffle: true, seed: 1 };
      const full = Math.floor(count / batchSize);
      const dropped = batches(count, { ...options, dropLast: true });
      assert.is(dropped.length, full);
      assert.equal([...dropped], [...batches(count, options)].slice(0, full));
    }),
  );
});

test('without shuffle the items come in order', () => {
  assert.equal(
    [...batches(5, { batchSize: 2 })].map((batch) => [...batch]),
    [[0, 1], [2, 3], [4]],
  );
});

test('seed and epoch decide the order, and it is the same each time', () => {
  const options = { batchSize: 10, shuffle: true, seed: 3, epoch: 2 };
  assert.equal(orderOf(50, options), orderOf(50, options));
  assert.not.equal(orderOf(50, options), orderOf(50, { ...options, epoch: 3 }));
  assert.not.equal(orderOf(50, options), orderOf(50, { ...options, seed: 4 }));
  const once = batches(50, options);
  assert.equal([...once], [...once]);
});

test('every order of three items turns up about equally often', () => {
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 6000; epoch++) {
    const order = orderOf(3, { batchSize: 3, shuffle: true, seed: 9, epoch }).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.is(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 150, `${count}`);
});

test('a batch may be changed without changing the others', () => {
  const [first] = batches(4, { batchSize: 2 });
  first!.fill(9);
  assert.equal(orderOf(4, { batchSize: 2 }), [0, 1, 2, 3]);
});

test('numbers that make no sense are refused at once', () => {
  for (const [count, options, name] of [
    [10, { batchSize: 0 }, 'batchSize'],
    [10, { batchSize: -3 }, 'batchSize'],
    [10, { batchSize: 2.5 }, 'batchSize'],
    [10, { batchSize: Number.NaN }, 'batchSize'],
    [-1, { batchSize: 2 }, 'count'],
    [10, { batchSize: 2, epoch: -1 }, 'epoch'],
    [10, { batchSize: 2, seed: 0.5 }, 'seed'],
  ] as const) {
    assert.throws(
      () => batches(count, options),
      (error: unknown) => error instanceof DataError && error.message.includes(name),
    );
  }
});

test.run();
