import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  DTypeError,
  random,
  ShapeError,
  tensor,
  zeros,
} from '../../../src/index.ts';
import { refuses } from '../refusal.ts';

const test = suite('random.categorical');

/** Pearson's statistic of what was counted against probabilities. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b);
  return counts.reduce((sum, count, k) => {
    const expected = total * probabilities[k]!;
    return expected === 0 ? sum + count : sum + (count - expected) ** 2 / expected;
  }, 0);
}

function countsOf(drawn: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < drawn.length; i++) counts[drawn[i]!]!++;
  return counts;
}

test('classes come as often as their probabilities say', async () => {
  const probabilities = [
    [0.1, 0.2, 0, 0.3, 0.4],
    [0.96, 0.01, 0.01, 0.01, 0.01],
    [0, 0, 1, 0, 0],
  ];
  const logits = tensor(probabilities.flat().map(Math.log)).reshape([3, 5]);
  const drawn = random.categorical(logits, 20_000, { seed: 5 });
  assert.is(drawn.dtype, 'i32');
  assert.equal(drawn.shape, [3, 20_000]);
  const data = await drawn.data();
  probabilities.forEach((row, i) => {
    const counts = countsOf(data.subarray(i * 20_000, (i + 1) * 20_000), 5);
    // With 4 degrees of freedom the statistic passes 18.5 once in a thousand times.
    assert.ok(chiSquare(counts, row) < 18.5, `${counts} for ${row}`);
    assert.is(counts.filter((count, k) => row[k] === 0 && count > 0).length, 0);
  });
});

test('a thousand classes, all alike', async () => {
  const data = await random.categorical(zeros([1000]), 50_000, { seed: 1 }).data();
  const statistic = chiSquare(countsOf(data, 1000), new Array(1000).fill(0.001));
  // Mean 999, standard deviation 45.
  assert.ok(statistic > 850 && statistic < 1150, String(statistic));
});

test('rows of logits that have no softmax give the last class', async () => {
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
  const logits = tensor([
    [-inf, -inf, -inf],
    [0, nan, 0],
    [inf, 0, 0],
    [-inf, 0, -inf],
  ]);
  const drawn = await random.categorical(logits, 500, { seed: 2 }).data();
  for (const [row, expected] of [2, 2, 2, 1].entries()) {
    const part = drawn.subarray(row * 500, (row + 1) * 500);
    assert.ok(
      part.every((one) => one === expected),
      `row ${row}`,
    );
  }
});

test('the same seed draws the same, others do not', async () => {
  const draw = (seed: number) => random.categorical(zeros([8]), 64, { seed }).array();
  assert.equal(await draw(3), await draw(3));
  assert.not.equal(await draw(3), await draw(4));
});

test('what does not fit', () => {
  refuses(
    () => random.categorical(zeros([2, 0]), 1),
    ShapeError,
    /^random.categorical: logits \[2,0\]/,
  );
  refuses(
    () => random.categorical(zeros([2], { dtype: 'i32' }), 1),
    DTypeError,
    /^random.categorical/,
  );
  refuses(() => random.categorical(zeros([2]), -1), ArgumentError, /^random.categorical: count -1/);
});

test.run();
