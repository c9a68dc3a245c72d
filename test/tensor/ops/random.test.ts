import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  dropout,
  grad,
  randomBernoulli,
  randomNormal,
  randomPermutation,
  randomState,
  randomTruncatedNormal,
  randomUniform,
  realize,
  ShapeError,
  setRandomState,
  setSeed,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { assertClose } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: random');

/** Philox4x32-10 in plain integers: four words from a counter of four and a key of two. */
function philox(counter: readonly number[], key: readonly number[]): number[] {
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k, l] = key.map(BigInt) as [bigint, bigint];
  const low = (x: bigint) => x & 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const [p, q] = [a * 0xd2511f53n, c * 0xcd9e8d57n];
    [a, b, c, d] = [(q >> 32n) ^ b ^ k, low(q), (p >> 32n) ^ d ^ l, low(p)];
    [k, l] = [low(k + 0x9e3779b9n), low(l + 0xbb67ae85n)];
  }
  return [a, b, c, d].map(Number);
}

/** What randomUniform makes of a word: its upper 24 bits. */
const unit = (word: number) => Math.floor(word / 256) / 2 ** 24;

async function moments(x: unknown) {
  const data = Array.from(await (x as AnyTensor).data());
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length;
  return { mean, variance, low: Math.min(...data), high: Math.max(...data), data };
}

test('the plain Philox above gives the published numbers', () => {
  assert.equal(philox([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  const ones = new Array(4).fill(0xffffffff) as number[];
  assert.equal(philox(ones, ones.slice(2)), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
});

test('the device draws the published numbers', async () => {
  // Stream 0 of seed 0 is counter 0 with key 0.
  setRandomState({ seed: 0, stream: 0 });
  const x = await randomUniform([4]).data();
  assert.equal([...x], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8].map(unit));
});

test('position, stream and seed make the number', async () => {
  for (const [seed, stream] of [
    [0, 0],
    [1234567, 3],
    [2 ** 40 + 5, 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ] as const) {
    setRandomState({ seed, stream });
    const actual = await randomUniform([5, 7]).data();
    const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
    const expected = Array.from({ length: 35 }, (_, i) =>
      unit(philox([i >> 2, 0, stream, 0], key)[i & 3]!),
    );
    assert.equal([...actual], expected, `seed ${seed}, stream ${stream}`);
  }
});

test('an element is the same wherever a view puts it', async () => {
  setSeed(5);
  const x = randomUniform([6, 7]) as AnyTensor;
  const flipped = x.transpose().flip(0).mul(1) as AnyTensor;
  await realize(x, flipped);
  const whole = await download(x);
  assertClose(await download(flipped), whole.transpose().flip(0));
});

test('uniform', async () => {
  const { mean, variance, low, high } = await moments(randomUniform([50_000], { seed: 1 }));
  assert.ok(Math.abs(mean - 0.5) < 0.006, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1 / 12) < 0.002, `variance ${variance}`);
  assert.ok(low >= 0 && high < 1, `${low} to ${high}`);
  const wide = await moments(randomUniform([20_000], { low: -3, high: 5, seed: 2 }));
  assert.ok(Math.abs(wide.mean - 1) < 0.08, `mean ${wide.mean}`);
  assert.ok(wide.low >= -3 && wide.high < 5 && wide.low < -2.9 && wide.high > 4.9);
});

test('normal', async () => {
  const { mean, variance, data } = await moments(
    randomNormal([50_000], { mean: 2, deviation: 3, seed: 3 }),
  );
  assert.ok(Math.abs(mean - 2) < 0.06, `mean ${mean}`);
  assert.ok(Math.abs(variance - 9) < 0.3, `variance ${variance}`);
  const within = (k: number) => data.filter((x) => Math.abs(x - 2) < 3 * k).length / data.length;
  assert.ok(Math.abs(within(1) - 0.6827) < 0.01, `${within(1)} within one deviation`);
  assert.ok(Math.abs(within(2) - 0.9545) < 0.005, `${within(2)} within two`);
  assert.ok(data.every(Number.isFinite));
});

test('truncated normal', async () => {
  const { mean, variance, low, high } = await moments(
    randomTruncatedNormal([50_000], { mean: 1, deviation: 0.5, seed: 4 }),
  );
  assert.ok(Math.abs(mean - 1) < 0.01, `mean ${mean}`);
  // The variance of a normal cut at two deviations is 0.7737 of the whole one's.
  assert.ok(Math.abs(variance / 0.25 - 0.7737) < 0.02, `variance ${variance}`);
  assert.ok(low >= 0 && high <= 2 && low < 0.02 && high > 1.98, `${low} to ${high}`);
});

test('bernoulli', async () => {
  const { mean, data } = await moments(randomBernoulli([50_000], 0.3, { seed: 5 }));
  assert.ok(Math.abs(mean - 0.3) < 0.01, `mean ${mean}`);
  assert.ok(data.every((x) => x === 0 || x === 1));
  assert.is((await moments(randomBernoulli([100], 0, { seed: 5 }))).mean, 0);
  assert.is((await moments(randomBernoulli([100], 1, { seed: 5 }))).mean, 1);
  assert.is(randomBernoulli([2], 0.5, { dtype: 'bool' }).dtype, 'bool');
  for (const probability of [-0.1, 1.1, Number.NaN]) {
    refuses(() => randomBernoulli([2], probability), ArgumentError, /^randomBernoulli/);
  }
});

test('permutation', async () => {
  for (const n of [0, 1, 2, 1000]) {
    const order = await randomPermutation(n, { seed: 6 }).data();
    assert.equal(
      order.slice().sort(),
      Int32Array.from({ length: n }, (_, i) => i),
    );
  }
  const first = new Float64Array(5);
  for (let seed = 0; seed < 2000; seed++) {
    const order = await randomPermutation(5, { seed }).data();
    first[order[0]!]!++;
  }
  assert.ok(
    first.every((count) => Math.abs(count - 400) < 90),
    `each of five comes first as often: ${first}`,
  );
  refuses(() => randomPermutation(-1), ShapeError, /^randomPermutation/);
});

const makers = {
  uniform: (seed?: number) => randomUniform([100], seed === undefined ? {} : { seed }),
  normal: (seed?: number) => randomNormal([100], seed === undefined ? {} : { seed }),
  truncated: (seed?: number) => randomTruncatedNormal([100], seed === undefined ? {} : { seed }),
  permutation: (seed?: number) => randomPermutation(100, seed === undefined ? {} : { seed }),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: the same seed, the same numbers`, async () => {
    const numbers = async (seed?: number) => [...(await make(seed).data())].join();
    assert.is(await numbers(1), await numbers(1));
    assert.is.not(await numbers(1), await numbers(2));
    assert.is.not(await numbers(1), await numbers(-1));
    assert.is.not(await numbers(1), await numbers(1 + 2 ** 32));
    setSeed(9);
    const [first, second] = [await numbers(), await numbers()];
    assert.is.not(first, second);
    setSeed(9);
    assert.is(await numbers(), first);
    const state = randomState();
    const next = await numbers();
    assert.is(next, second);
    setRandomState(state);
    assert.is(await numbers(), second);
    refuses(() => make(0.5), ArgumentError, /seed 0.5 must be a whole number/);
  });
}

test('a tensor drawn once does not change', async () => {
  const x = randomNormal([10]);
  assert.equal(await x.data(), await x.data());
});

test('dropout keeps the mean', async () => {
  const x = upload(NdArray.full([20_000], 1));
  for (const rate of [0.1, 0.5, 0.9]) {
    const { mean, data } = await moments(dropout(x as never, rate, { seed: 7 }));
    assert.ok(Math.abs(mean - 1) < 0.07, `rate ${rate}: mean ${mean}`);
    const dropped = data.filter((v) => v === 0).length / data.length;
    assert.ok(Math.abs(dropped - rate) < 0.012, `rate ${rate}: ${dropped} dropped`);
  }
  assert.is((await moments(dropout(x as never, 1))).high, 0);
  assert.is((await moments(dropout(x as never, 0))).low, 1);
});

test('dropout drops the same forward and backward', async () => {
  const x = upload(NdArray.full([500], 3));
  const y = dropout(x as never, 0.4) as AnyTensor;
  const [dx] = grad(y.sum() as AnyTensor, [x]);
  await realize(y, dx as AnyTensor);
  const third = (await download(y)).map((v) => v / 3);
  assertClose(await download(dx as AnyTensor), third);
  // Also when it is asked for only later, in a plan of its own.
  const [again] = grad(dropout(x as never, 0.4, { seed: 3 }).sum() as AnyTensor, [x]);
  const later = await download(dropout(x as never, 0.4, { seed: 3 }) as AnyTensor);
  assertClose(
    await download(again as AnyTensor),
    later.map((v) => v / 3),
  );
});

test('what dropout refuses', () => {
  const x = upload(new NdArray([2])) as never;
  for (const rate of [-0.1, 1.1, Number.NaN]) {
    refuses(() => dropout(x, rate), ArgumentError, /^dropout: the rate .* between 0 and 1/);
  }
});

test.run();
