import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  random,
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
import { philox } from '../../reference/random.ts';
import { assertClose } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download } from '../transfer.ts';

const test = suite('tensor: random');

/** What random.uniform makes of a word: its upper 24 bits. */
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
  random.setState({ seed: 0, stream: 0 });
  const x = await random.uniform([4]).data();
  assert.equal([...x], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8].map(unit));
});

test('position, stream and seed make the number', async () => {
  for (const [seed, stream] of [
    [0, 0],
    [1234567, 3],
    [2 ** 40 + 5, 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ] as const) {
    random.setState({ seed, stream });
    const actual = await random.uniform([5, 7]).data();
    const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
    const expected = Array.from({ length: 35 }, (_, i) =>
      unit(philox([i >> 2, 0, stream, 0], key)[i & 3]!),
    );
    assert.equal([...actual], expected, `seed ${seed}, stream ${stream}`);
  }
});

test('an element is the same wherever a view puts it', async () => {
  random.seed(5);
  const x = random.uniform([6, 7]) as AnyTensor;
  const flipped = x.transpose().flip(0).mul(1) as AnyTensor;
  await realize(x, flipped);
  const whole = await download(x);
  assertClose(await download(flipped), whole.transpose().flip(0));
});

test('uniform', async () => {
  const { mean, variance, low, high } = await moments(random.uniform([50_000], { seed: 1 }));
  assert.ok(Math.abs(mean - 0.5) < 0.006, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1 / 12) < 0.002, `variance ${variance}`);
  assert.ok(low >= 0 && high < 1, `${low} to ${high}`);
  const wide = await moments(random.uniform([20_000], { low: -3, high: 5, seed: 2 }));
  assert.ok(Math.abs(wide.mean - 1) < 0.08, `mean ${wide.mean}`);
  assert.ok(wide.low >= -3 && wide.high < 5 && wide.low < -2.9 && wide.high > 4.9);
});

test('uniform stays in its interval, however coarse or wide', async () => {
  const top = 3.4028234663852886e38;
  for (const [low, high] of [
    [1000, 1001],
    [-1001, -1000],
    [0.7, 0.70001],
    [16384, 16385],
    [2 ** 24, 2 ** 24 + 8],
    [1, 1 + 2 ** -23],
    [-1 - 2 ** -23, -1],
    [-1, 0],
    [-top, top],
    [0, top],
    [-1e-30, 1e-30],
    [3, 3 + 1e-6],
  ] as const) {
    const drawn = await random.uniform([1 << 18], { low, high, seed: 1 }).data();
    const wrong = drawn.find((x) => !(x >= low && x < high));
    assert.is(wrong, undefined, `${wrong} is not in [${low}, ${high})`);
  }
  const [low, high] = [-top, top];
  const wide = await random.uniform([1 << 14], { low, high, seed: 1 }).data();
  const outer = wide.filter((x) => Math.abs(x) > top / 2).length / wide.length;
  assert.ok(Math.abs(outer - 0.5) < 0.02, `${outer} of them in the outer half`);
  assert.equal(
    [...(await random.uniform([2], { low: 0.1, high: 0.1 }).data())],
    [Math.fround(0.1), Math.fround(0.1)],
  );
});

test('uniform: intervals that hold no f32', () => {
  for (const [low, high] of [
    [2, 1],
    [1 + 1e-9, 1 + 2e-9],
    [0, Infinity],
    [Number.NaN, 1],
    [-1e39, 0],
  ] as const) {
    refuses(() => random.uniform([2], { low, high }), ArgumentError, /^random\.uniform: /);
  }
});

test('truncated normal stays within two deviations, however coarse', async () => {
  for (const [mean, std] of [
    [0, 1],
    [1e6, 0.05],
    [-3, 0.7],
    [0.1, 0],
  ] as const) {
    const drawn = await random.truncatedNormal([1 << 16], { mean, std, seed: 1 }).data();
    // A mean that is no f32 is rounded to one.
    const [low, high] = [mean - 2 * std, mean + 2 * std];
    const wrong = drawn.find((x) => !(x >= low && x <= high) && x !== Math.fround(mean));
    assert.is(wrong, undefined, `${wrong} is not in [${low}, ${high}]`);
  }
});

test('normal', async () => {
  const { mean, variance, data } = await moments(
    random.normal([50_000], { mean: 2, std: 3, seed: 3 }),
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
    random.truncatedNormal([50_000], { mean: 1, std: 0.5, seed: 4 }),
  );
  assert.ok(Math.abs(mean - 1) < 0.01, `mean ${mean}`);
  // The variance of a normal cut at two deviations is 0.7737 of the whole one's.
  assert.ok(Math.abs(variance / 0.25 - 0.7737) < 0.02, `variance ${variance}`);
  assert.ok(low >= 0 && high <= 2 && low < 0.02 && high > 1.98, `${low} to ${high}`);
});

test('bernoulli', async () => {
  const { mean, data } = await moments(random.bernoulli([50_000], 0.3, { seed: 5 }));
  assert.ok(Math.abs(mean - 0.3) < 0.01, `mean ${mean}`);
  assert.ok(data.every((x) => x === 0 || x === 1));
  assert.is((await moments(random.bernoulli([100], 0, { seed: 5 }))).mean, 0);
  assert.is((await moments(random.bernoulli([100], 1, { seed: 5 }))).mean, 1);
  assert.is(random.bernoulli([2], 0.5, { dtype: 'bool' }).dtype, 'bool');
  for (const probability of [-0.1, 1.1, Number.NaN]) {
    refuses(() => random.bernoulli([2], probability), ArgumentError, /^random\.bernoulli/);
  }
});

test('permutation', async () => {
  for (const n of [0, 1, 2, 1000]) {
    const order = await random.permutation(n, { seed: 6 }).data();
    assert.equal(
      order.slice().sort(),
      Int32Array.from({ length: n }, (_, i) => i),
    );
  }
  const first = new Float64Array(5);
  for (let seed = 0; seed < 2000; seed++) {
    const order = await random.permutation(5, { seed }).data();
    first[order[0]!]!++;
  }
  assert.ok(
    first.every((count) => Math.abs(count - 400) < 90),
    `each of five comes first as often: ${first}`,
  );
  refuses(() => random.permutation(-1), ShapeError, /^random\.permutation/);
});

const makers = {
  uniform: (seed?: number) => random.uniform([100], seed === undefined ? {} : { seed }),
  normal: (seed?: number) => random.normal([100], seed === undefined ? {} : { seed }),
  truncated: (seed?: number) => random.truncatedNormal([100], seed === undefined ? {} : { seed }),
  permutation: (seed?: number) => random.permutation(100, seed === undefined ? {} : { seed }),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: the same seed, the same numbers`, async () => {
    const numbers = async (seed?: number) => [...(await make(seed).data())].join();
    assert.is(await numbers(1), await numbers(1));
    assert.is.not(await numbers(1), await numbers(2));
    assert.is.not(await numbers(1), await numbers(-1));
    assert.is.not(await numbers(1), await numbers(1 + 2 ** 32));
    random.seed(9);
    const [first, second] = [await numbers(), await numbers()];
    assert.is.not(first, second);
    random.seed(9);
    assert.is(await numbers(), first);
    const state = random.state();
    const next = await numbers();
    assert.is(next, second);
    random.setState(state);
    assert.is(await numbers(), second);
    refuses(() => make(0.5), ArgumentError, /seed 0.5 must be a whole number/);
  });
}

test('a tensor drawn once does not change', async () => {
  const x = random.normal([10]);
  assert.equal(await x.data(), await x.data());
});

test('the former names, and deviation for std, draw the same', async () => {
  const pairs: [AnyTensor, AnyTensor][] = [
    [randomUniform([9], { seed: 1 }), random.uniform([9], { seed: 1 })],
    [randomNormal([9], { seed: 1, deviation: 3 }), random.normal([9], { seed: 1, std: 3 })],
    [
      randomTruncatedNormal([9], { seed: 1, deviation: 3 }),
      random.truncatedNormal([9], { seed: 1, std: 3 }),
    ],
    [randomBernoulli([9], 0.5, { seed: 1 }), random.bernoulli([9], 0.5, { seed: 1 })],
    [randomPermutation(9, { seed: 1 }), random.permutation(9, { seed: 1 })],
  ];
  for (const [former, present] of pairs) assert.equal(await former.data(), await present.data());
  setSeed(3);
  assert.equal(randomState(), { seed: 3, stream: 0 });
  setRandomState({ seed: 4, stream: 2 });
  assert.equal(random.state(), { seed: 4, stream: 2 });
});

test.run();
