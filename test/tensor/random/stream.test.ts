import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError } from '../../../src/errors.ts';
import { RandomStream } from '../../../src/tensor/random/stream.ts';

const test = suite('random stream');

const draw = (random: RandomStream, count: number) =>
  Array.from({ length: count }, () => random.bits());

test('the numbers of a seed are the same on every platform and in every release', () => {
  assert.equal(draw(new RandomStream(0), 3), [947923937, 2491578854, 3964400089]);
  assert.equal(draw(new RandomStream(-5, 2, 7), 3), [3308556789, 1187750353, 1387927020]);
});

test('seed, stream and index each give another stream', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(1000), fc.nat(1000), (seed, stream, index) => {
      const seen = new Set(
        [
          new RandomStream(seed, stream, index),
          new RandomStream(seed === 0 ? 1 : -seed, stream, index),
          new RandomStream(seed, stream + 1, index),
          new RandomStream(seed, stream, index + 1),
        ].map((random) => draw(random, 2).join()),
      );
      assert.is(seen.size, 4);
    }),
  );
});

test('below reaches every value about equally often', () => {
  const random = new RandomStream(3);
  const counts = new Array<number>(7).fill(0);
  for (let draws = 0; draws < 70_000; draws++) counts[random.below(7)]!++;
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 400, `${counts}`);
});

test('uniform and bell have the mean, spread and bounds they promise', () => {
  const random = new RandomStream(4);
  let sum = 0;
  let squares = 0;
  for (let draws = 0; draws < 50_000; draws++) {
    const flat = random.uniform(2, 5);
    assert.ok(flat >= 2 && flat < 5);
    const value = random.bell(2);
    assert.ok(Math.abs(value) <= 7);
    sum += value;
    squares += value * value;
  }
  assert.ok(Math.abs(sum / 50_000) < 0.04);
  assert.ok(Math.abs(Math.sqrt(squares / 50_000) - 2) < 0.03);
});

test('uniform is below its upper bound, also where doubles are coarse', () => {
  const random = new RandomStream(5);
  for (const [low, high] of [
    [2 ** 52, 2 ** 52 + 1],
    [1, 1 + Number.EPSILON],
    [-1, -1 + Number.EPSILON / 2],
  ] as const) {
    for (let draws = 0; draws < 1000; draws++) {
      const value = random.uniform(low, high);
      assert.ok(value >= low && value < high, `${value} of [${low}, ${high})`);
    }
  }
});

test('permutations are those of every release', () => {
  assert.equal([...new RandomStream(3, 1, 2).permutation(8)], [4, 7, 3, 6, 1, 5, 2, 0]);
  assert.equal([...new RandomStream(3).permutation(0)], []);
});

test('a seed that is no safe integer is refused', () => {
  for (const seed of [0.5, Number.NaN, Infinity, 2 ** 53]) {
    assert.throws(
      () => new RandomStream(seed),
      (error: unknown) => error instanceof DataError,
    );
  }
});

test.run();
