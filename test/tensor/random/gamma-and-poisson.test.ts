import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  compile,
  DTypeError,
  grad,
  random,
  ShapeError,
  tensor,
  zeros,
} from '../../../src/index.ts';
import { drawnFor } from '../../../src/tensor/random/part.ts';
import { gammaBelow } from '../../reference/gamma-functions.ts';
import * as reference from '../../reference/random.ts';
import { refuses } from '../refusal.ts';

const test = suite('random: gamma and poisson');

const COUNT = 20_000;

function momentsOf(data: ArrayLike<number>): { mean: number; variance: number } {
  const values = Array.from(data);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
}

/** Kolmogorov and Smirnov's √n·D, which passes 1.95 once in a thousand times. */
function distance(data: ArrayLike<number>, below: (x: number) => number): number {
  const values = Array.from(data).sort((a, b) => a - b);
  const n = values.length;
  const farthest = values.reduce((most, x, i) => {
    const share = below(x);
    return Math.max(most, share - i / n, (i + 1) / n - share);
  }, 0);
  return Math.sqrt(n) * farthest;
}

for (const alpha of [0.05, 0.3, 1, 1.5, 3, 40, 1e4]) {
  test(`gamma of shape ${alpha}: its mean, variance and distribution`, async () => {
    const data = await random.gamma([COUNT], alpha, { seed: 11 }).data();
    const { mean, variance } = momentsOf(data);
    assert.ok(Math.abs(mean - alpha) < 4 * Math.sqrt(alpha / COUNT), `mean ${mean}`);
    const spread = Math.sqrt((2 + 6 / alpha) / COUNT);
    assert.ok(Math.abs(variance / alpha - 1) < 4 * spread, `variance ${variance}`);
    const far = distance(data, (x) => gammaBelow(alpha, x));
    assert.ok(far < 1.95, `√n·D ${far}`);
  });
}

for (const rate of [0.1, 1, 4.5, 9.99, 10, 25, 300, 1e5]) {
  test(`poisson of rate ${rate}: its mean, variance and distribution`, async () => {
    const data = await random.poisson([COUNT], rate, { seed: 12 }).data();
    assert.ok(data.every((x) => Number.isInteger(x) && x >= 0));
    const { mean, variance } = momentsOf(data);
    assert.ok(Math.abs(mean - rate) < 4 * Math.sqrt(rate / COUNT), `mean ${mean}`);
    const spread = Math.sqrt((2 + 1 / rate) / COUNT);
    assert.ok(Math.abs(variance / rate - 1) < 4 * spread, `variance ${variance}`);
    // Pearson's statistic over cells of about a fortieth each, as many as there are whole numbers for.
    const atMost = (k: number) => 1 - gammaBelow(k + 1, rate);
    const sorted = Array.from(data).sort((a, b) => a - b);
    const edges = [
      ...new Set(Array.from({ length: 39 }, (_, i) => sorted[Math.floor(((i + 1) * COUNT) / 40)]!)),
    ];
    const shares = [...edges.map(atMost), 1].map((share, i, all) => share - (i ? all[i - 1]! : 0));
    const cells = shares.map((share, i) => {
      const [low, high] = [edges[i - 1] ?? -1, edges[i] ?? Infinity];
      return { share, count: sorted.filter((x) => x > low && x <= high).length };
    });
    const wide = cells.filter(({ share }) => share > 1e-4);
    const statistic = wide.reduce(
      (sum, { share, count }) => sum + (count - COUNT * share) ** 2 / (COUNT * share),
      0,
    );
    const freedom = wide.length - 1;
    assert.ok(statistic < freedom + 4 * Math.sqrt(2 * freedom) + 4, `${statistic} for ${freedom}`);
  });
}

/** How many of some numbers are not close to what the reference draws. */
function others(
  data: ArrayLike<number>,
  expected: (position: number) => number,
  within: number,
): number {
  return Array.from(data).filter(
    (x, i) => Math.abs(x - expected(i)) > within * Math.abs(expected(i)),
  ).length;
}

test('each number is the one that the published algorithm draws of its words', async () => {
  const [seed, stream] = [2 ** 33 + 7, 5];
  const words = [stream, 7, 2] as const;
  for (const alpha of [0.4, 2.5, 600]) {
    random.setState({ seed, stream });
    const data = await random.gamma([2000], alpha).data();
    const wrong = others(data, (i) => reference.gamma(alpha, i, words), 2e-5);
    assert.ok(wrong <= 2, `shape ${alpha}: ${wrong}`);
  }
  for (const rate of [0.7, 8, 15, 2000]) {
    random.setState({ seed, stream });
    const data = await random.poisson([2000], rate).data();
    const wrong = others(data, (i) => reference.poisson(rate, i, words), 0);
    assert.ok(wrong <= 4, `rate ${rate}: ${wrong}`);
  }
});

test('parameters of each number, and beta', async () => {
  const alpha = tensor([0.5, 2, 30]);
  const beta = tensor([[1], [4]]);
  const all = random.gamma([5000, 2, 3], alpha, { beta, seed: 3 });
  assert.equal(all.shape, [5000, 2, 3]);
  const means = await all.mean(0).data();
  [0.5, 2, 30, 0.125, 0.5, 7.5].forEach((mean, i) => {
    assert.ok(Math.abs(means[i]! / mean - 1) < 0.09, `mean ${means[i]} for ${mean}`);
  });
  const halved = await random.gamma([50], 2, { beta: 2, seed: 1 }).data();
  const plain = await random.gamma([50], 2, { seed: 1 }).data();
  assert.equal(
    [...halved],
    [...plain].map((x) => x / 2),
  );
  const rates = await random
    .poisson([8000, 2], tensor([3, 70]), { seed: 4 })
    .mean(0)
    .data();
  assert.ok(Math.abs(rates[0]! - 3) < 0.08 && Math.abs(rates[1]! - 70) < 0.4, `${rates}`);
});

test('parameters at the edge, and beyond', async () => {
  const of = tensor([0, -0, -1, NaN, Infinity, 1e-30, 3e38]);
  const gammas = [...(await random.gamma([7], of, { seed: 1 }).data())];
  assert.equal(gammas.slice(0, 6), [0, 0, NaN, NaN, Infinity, 0]);
  assert.ok(Math.abs(gammas[6]! / 3e38 - 1) < 1e-6);
  const counts = [...(await random.poisson([7], of, { seed: 1 }).data())];
  assert.equal(counts.slice(0, 6), [0, 0, NaN, NaN, Infinity, 0]);
  assert.ok(Math.abs(counts[6]! / 3e38 - 1) < 1e-6);
  const huge = await random.poisson([4000], 1e10, { seed: 2 }).data();
  const { mean, variance } = momentsOf(huge.map((x) => x - 1e10));
  assert.ok(Math.abs(mean) < 7000 && Math.abs(variance / 1e10 - 1) < 0.1, `${mean}, ${variance}`);
  assert.equal([...(await random.poisson([3], 0).data())], [0, 0, 0]);
  assert.is((await random.gamma([0, 2], 1).data()).length, 0);
  assert.is(random.poisson([], 3).rank, 0);
});

test('the same seed draws the same, others do not; a compiled function goes on', async () => {
  const gamma = async (seed?: number) => [
    ...(await random.gamma([64], 2, seed === undefined ? {} : { seed }).data()),
  ];
  assert.equal(await gamma(3), await gamma(3));
  assert.not.equal(await gamma(3), await gamma(4));
  random.seed(5);
  const [first, second] = [await gamma(), await gamma()];
  assert.not.equal(first, second);
  random.seed(5);
  const step = compile(() => random.gamma([64], 2));
  assert.equal([...(await (await step()).data())], first);
  assert.equal([...(await (await step()).data())], second);
  const uniform = await random.uniform([64], { seed: 3 }).data();
  const counts = await random.poisson([64], 0.5, { seed: 3 }).data();
  assert.ok(uniform.length === counts.length && counts.some((k) => k > 0));
});

test('ranks draw their rows of what one would draw', async () => {
  const draw = () => random.poisson([6, 5], 4, { seed: 2 });
  const whole = await draw().data();
  const part = await drawnFor({ from: 2, count: 2, of: 6 }, () =>
    random.poisson([2, 5], 4, { seed: 2 }),
  ).data();
  assert.equal([...part], [...whole.slice(10, 20)]);
});

test('gradients go to beta alone', async () => {
  const [alpha, beta] = [tensor([2, 3]), tensor([1.5, 4])];
  const drawn = await random.gamma([2], alpha, { seed: 1 }).data();
  const [slopes, none] = grad(random.gamma([2], alpha, { beta, seed: 1 }).sum(), [beta, alpha]);
  assert.equal([...(await none!.data())], [0, 0]);
  const expected = [...drawn].map((x, i) => -x / [1.5, 4][i]! ** 2);
  [...(await slopes!.data())].forEach((slope, i) => {
    assert.ok(Math.abs(slope - expected[i]!) < 1e-5, `${slope} for ${expected[i]}`);
  });
});

test('what does not fit', () => {
  refuses(() => random.gamma([2], -1), ArgumentError, /^random.gamma: alpha -1/);
  refuses(() => random.gamma([2], NaN), ArgumentError, /^random.gamma: alpha NaN/);
  refuses(() => random.gamma([2], 1, { beta: 0 }), ArgumentError, /^random.gamma: beta 0/);
  refuses(() => random.poisson([2], -0.5), ArgumentError, /^random.poisson: rate -0.5/);
  refuses(() => random.poisson([-2], 1), ShapeError, /^random.poisson/);
  refuses(
    () => random.poisson([2], zeros([3])),
    ShapeError,
    /^random.poisson: rate \[3\] does not broadcast to \[2\]/,
  );
  refuses(() => random.gamma([2], zeros([2], { dtype: 'i32' })), DTypeError, /^random.gamma/);
});

test.run();
