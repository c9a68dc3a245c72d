import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, nn, random } from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { matMul } from '../../reference/linear.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { refuses } from '../../tensor/refusal.ts';

const {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  orthogonal,
  uniform,
  zeros,
} = nn.initializers;

test.before(() => random.seed(4));

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
  lecunUniform: [lecunUniform, 1 / IN, Math.sqrt(3)],
  lecunNormal: [lecunNormal, 1 / IN, 2 / 0.8796],
  uniform: [uniform(0.2), 0.2 ** 2 / 3, Math.sqrt(3)],
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

test('orthogonal: rows or columns, whichever are fewer, are orthonormal times the gain', async () => {
  for (const [shape, rows, columns] of [
    [[7, 4], 7, 4],
    [[4, 7], 4, 7],
    [[5, 5], 5, 5],
    [[3, 3, 2, 8], 18, 8],
    [[1, 1, 3, 8], 3, 8],
  ] as const) {
    const data = await orthogonal(1.5)(shape).data();
    const matrix = new NdArray([rows, columns], data);
    const across = matrix.transpose();
    const product = rows < columns ? matMul(matrix, across) : matMul(across, matrix);
    const expected = NdArray.build(product.shape, ([i, j]) => (i === j ? 2.25 : 0));
    assertClose(product, expected, { relative: 1e-6, scale: 1 }, `[${shape}]`);
  }
});

test('orthogonal draws anew each time, and the same from the same seed', async () => {
  const drawn = async () => [...(await orthogonal()([6, 6]).data())];
  random.seed(12);
  const [first, second] = [await drawn(), await drawn()];
  assert.not.equal(first, second);
  assert.ok(Math.abs(first.reduce((a, b) => a + b, 0)) < 6, 'signs differ');
  random.seed(12);
  assert.equal([await drawn(), await drawn()], [first, second]);
});

test('constant, zeros and ones are that', async () => {
  assert.equal([...(await constant(-2.5)([2]).data())], [-2.5, -2.5]);
  assert.equal([...(await zeros([2]).data()), ...(await ones([2]).data())], [0, 0, 1, 1]);
});

test('layers use the initialisers they are given', async () => {
  const layer = nn.dense(3, { kernelInitializer: ones, biasInitializer: ones }).build([2]);
  for (const variable of layer.variables) {
    assert.ok(Array.from(await variable.data()).every((value) => value === 1));
  }
});

test('layers take initialisers by name', async () => {
  random.seed(5);
  const named = nn.dense(3, { kernelInitializer: 'heNormal', biasInitializer: 'ones' }).build([4]);
  random.seed(5);
  const given = nn.dense(3, { kernelInitializer: heNormal, biasInitializer: ones }).build([4]);
  for (const [i, variable] of named.variables.entries()) {
    assert.equal(await variable.data(), await given.variables[i]?.data());
  }
  const images = { kernelInitializer: 'orthogonal' } as const;
  assert.is(nn.conv2d(2, 3, images).build([4, 4, 1]).parameterCount, 20);
  refuses(
    () => nn.embedding(2, 2, { initializer: 'heNormall' as 'heNormal' }).build([1]),
    ArgumentError,
    /^initializer: there is no 'heNormall'\. There are glorotUniform,/,
  );
  refuses(() => orthogonal(Number.NaN), ArgumentError, /^orthogonal: gain NaN must be/);
});

test.run();
