import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nn, setSeed } from '../../src/index.ts';

const { glorotNormal, glorotUniform, heNormal, heUniform, normal, ones, zeros } = nn.initializers;

test.before(() => setSeed(4));

async function statistics(values: Promise<ArrayLike<number>>) {
  const list = Array.from(await values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const deviation = Math.sqrt(list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length);
  return { mean, deviation, most: list.reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
}

// A convolution's fans count its window: 3·3·32 in, 3·3·64 out.
const SHAPE = [3, 3, 32, 64];
const [IN, OUT] = [288, 576];

const expectations = {
  glorotUniform: [glorotUniform, 2 / (IN + OUT), Math.sqrt(3)],
  glorotNormal: [glorotNormal, 2 / (IN + OUT), 2 / 0.8796],
  heUniform: [heUniform, 2 / IN, Math.sqrt(3)],
  heNormal: [heNormal, 2 / IN, 2 / 0.8796],
} as const;

for (const [name, [initializer, variance, reach]] of Object.entries(expectations)) {
  test(`${name} has the mean, deviation and bounds of its paper`, async () => {
    const expected = Math.sqrt(variance);
    const { mean, deviation, most } = await statistics(initializer(SHAPE).data());
    assert.ok(Math.abs(mean) < 0.02 * expected, `mean ${mean}`);
    assert.ok(Math.abs(deviation / expected - 1) < 0.02, `${deviation} is not ${expected}`);
    assert.ok(most <= reach * expected * 1.001 && most > reach * expected * 0.97, `most ${most}`);
  });
}

test('normal has the deviation asked for', async () => {
  const { mean, deviation } = await statistics(normal(0.3)([100, 100]).data());
  assert.ok(Math.abs(mean) < 0.01 && Math.abs(deviation - 0.3) < 0.01);
});

test('zeros and ones are that', async () => {
  assert.equal([...(await zeros([2]).data()), ...(await ones([2]).data())], [0, 0, 1, 1]);
});

test('layers use the initialisers they are given', async () => {
  const layer = nn.dense(3, { kernelInitializer: ones, biasInitializer: ones }).build([2]);
  for (const variable of layer.variables) {
    assert.ok(Array.from(await variable.data()).every((value) => value === 1));
  }
});

test.run();
