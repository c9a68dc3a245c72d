import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  nn,
  random,
  ShapeError,
  tensor,
  zeros,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { assertClose, scattered } from '../../reference/check-gradient.ts';
import { conv2d } from '../../reference/convolution.ts';
import { matMul } from '../../reference/linear.ts';
import { batchNormInference, batchNormTraining } from '../../reference/normalization.ts';
import { mean } from '../../reference/reductions.ts';
import { softmax } from '../../reference/softmax.ts';

test.before(() => random.seed(3));

const input = (...shape: number[]) => scattered(shape, 5).map(Math.fround);
const asTensor = ({ data, shape }: NdArray) => tensor(Float32Array.from(data), [...shape]);

async function computed(x: AnyTensor): Promise<NdArray> {
  return new NdArray(x.shape, await x.data());
}

async function weightsOf(layer: nn.Layer): Promise<NdArray[]> {
  return Promise.all(
    layer.variables.map(async (v) => new NdArray(v.shape, (await v.data()) as Float32Array)),
  );
}

/** Gives all variables scattered values, so that zeros and ones hide nothing. */
function scatter(layer: nn.Layer): void {
  layer.variables.forEach((variable, i) => {
    const values = scattered(variable.shape, 20 + i).map((x) => Math.fround(Math.abs(x) + 0.1));
    variable.assign(asTensor(values));
  });
}

test('dense multiplies by its weight, adds its bias, activates', async () => {
  const layer = nn.dense(5, { activation: 'tanh' }).build([7]);
  assert.equal(
    layer.variables.map(({ name, shape }) => [name, [...shape]]),
    [
      ['weight', [7, 5]],
      ['bias', [5]],
    ],
  );
  scatter(layer);
  const [weight, bias] = (await weightsOf(layer)) as [NdArray, NdArray];
  const x = input(3, 7);
  const expected = matMul(x, weight)
    .zip(bias, (a, b) => a + b)
    .map(Math.tanh);
  assertClose(await computed(layer.forward(asTensor(x))), expected, 1e-5);
  const sequence = input(2, 3, 7);
  assert.equal(layer.forward(asTensor(sequence)).shape, [2, 3, 5]);
});

test('conv2d correlates with its weight, with strides, groups and no bias', async () => {
  const layer = nn
    .conv2d(4, [3, 2], { strides: [2, 1], groups: 2, bias: false, activation: 'relu' })
    .build([7, 6, 6]);
  assert.equal([...(layer.variables[0]?.shape ?? [])], [3, 2, 3, 4]);
  assert.is(layer.variables.length, 1);
  const [weight] = (await weightsOf(layer)) as [NdArray];
  const x = input(2, 7, 6, 6);
  const expected = conv2d(x, weight, { strides: [2, 1], groups: 2 }).map((v) => Math.max(v, 0));
  assertClose(await computed(layer.forward(asTensor(x))), expected, 1e-5);
});

test('flatten, activation and global average pooling have no variables', async () => {
  const x = input(2, 3, 4, 5);
  const flat = nn.flatten();
  assertClose(await computed(flat.forward(asTensor(x))), x.reshape([2, 60]), 1e-6);
  const pooled = nn.globalAveragePool2d().forward(asTensor(x));
  assertClose(await computed(pooled), mean(x, [1, 2]), 1e-5);
  const soft = nn.activation('softmax').forward(asTensor(x));
  assertClose(await computed(soft), softmax(x), 1e-5);
  const own = nn.activation((t) => t.mul(2)).forward(asTensor(x));
  assertClose(
    await computed(own),
    x.map((v) => 2 * v),
    1e-5,
  );
  assert.is(flat.parameterCount, 0);
});

test('pooling layers know their windows, strides and paddings', () => {
  const x = zeros([2, 7, 8, 3]);
  assert.equal(nn.maxPool2d().forward(x).shape, [2, 3, 4, 3]);
  assert.equal(nn.maxPool2d(2, { padding: 'same' }).forward(x).shape, [2, 4, 4, 3]);
  assert.equal(nn.avgPool2d([3, 2], { strides: 1 }).forward(x).shape, [2, 5, 7, 3]);
});

test('batchNorm normalises by the batch in training and by running statistics else', async () => {
  const layer = nn.batchNorm({ momentum: 0.75, epsilon: 1e-2 }).build([4, 3]);
  assert.equal(
    layer.variables.map(({ name, trainable }) => [name, trainable]),
    [
      ['weight', true],
      ['bias', true],
      ['running_mean', false],
      ['running_var', false],
    ],
  );
  scatter(layer);
  const [gamma, beta, mean, variance] = (await weightsOf(layer)) as NdArray[];
  const x = input(5, 4, 3);
  const still = await computed(layer.forward(asTensor(x)));
  assertClose(still, batchNormInference(x, mean!, variance!, gamma!, beta!, 1e-2), 1e-4);
  assertClose((await weightsOf(layer))[2]!, mean!, 0);

  const batch = batchNormTraining(x, gamma!, beta!, 1e-2);
  const trained = await computed(layer.forward(asTensor(x), { training: true }));
  assertClose(trained, batch.output, 1e-4);
  const moved = (old: NdArray, fresh: NdArray) => old.zip(fresh, (a, b) => 0.75 * a + 0.25 * b);
  const [, , newMean, newVariance] = await weightsOf(layer);
  assertClose(newMean!, moved(mean!, batch.mean), 1e-5);
  assertClose(newVariance!, moved(variance!, batch.variance), 1e-5);
});

test('running statistics of several batches build on one another before they are computed', async () => {
  const layer = nn.batchNorm({ momentum: 0.5 }).build([2]);
  for (const value of [1, 2, 4]) {
    layer.forward(tensor(new Float32Array(6).fill(value), [3, 2]), { training: true });
  }
  const [, , mean] = await weightsOf(layer);
  assert.equal([...mean!.data], [2.625, 2.625]);
});

test('dropout drops in training alone, and keeps the mean', async () => {
  const layer = nn.dropout(0.25);
  const x = tensor(new Float32Array(40_000).fill(1), [200, 200]);
  assert.is(layer.forward(x), x);
  const [first, second] = [0, 1].map(() => layer.forward(x, { training: true }));
  const values = await (first as AnyTensor).data();
  const dropped = values.filter((v) => v === 0).length / values.length;
  assert.ok(Math.abs(dropped - 0.25) < 0.01, `${dropped}`);
  assert.ok(values.every((v) => v === 0 || Math.abs(v - 4 / 3) < 1e-6));
  assert.not.equal([...(await (second as AnyTensor).data())], [...values], 'a mask for each call');
});

test('residual adds its shortcut, or its input', async () => {
  const x = input(2, 4);
  const doubled = nn.activation((t) => t.mul(2));
  const plain = nn.residual(doubled).forward(asTensor(x));
  assertClose(
    await computed(plain),
    x.map((v) => 3 * v),
    1e-5,
  );
  const both = nn.residual(doubled, nn.activation('relu')).forward(asTensor(x));
  assertClose(
    await computed(both),
    x.map((v) => 2 * v + Math.max(v, 0)),
    1e-5,
  );
});

test('concat joins its branches along an axis', async () => {
  const x = input(2, 3);
  const negated = nn.activation((t) => t.neg());
  const wide = nn.concat([nn.activation('linear'), negated]).forward(asTensor(x));
  assert.equal(wide.shape, [2, 6]);
  assert.equal([...(await wide.data())].slice(0, 6), [
    ...x.data.slice(0, 3),
    ...x.data.slice(0, 3).map((v) => -v),
  ]);
  const long = nn.concat([nn.activation('linear'), negated], 0).forward(asTensor(x));
  assert.equal(long.shape, [4, 3]);
});

test('nested layers list their variables in order, and a layer used twice lists them once', () => {
  const shared = nn.dense(4);
  const model = nn
    .sequential([nn.sequential([nn.dense(4), shared]), nn.activation('relu'), shared, nn.dense(2)])
    .build([4]);
  assert.equal(
    model.variables.map(({ shape }) => [...shape]),
    [[4, 4], [4], [4, 4], [4], [4, 2], [2]],
  );
  assert.is(model.parameterCount, 20 + 20 + 10);
});

test('layers refuse what they cannot work with, by their names', () => {
  const refused: [() => unknown, typeof ShapeError | typeof ArgumentError, RegExp][] = [
    [() => nn.dense(0), ArgumentError, /dense: .*0/],
    [
      () => nn.dense(2, { bias: 1 as never }),
      ArgumentError,
      /^dense: bias 1 must be true or false/,
    ],
    [() => nn.dense(1.5), ArgumentError, /dense/],
    [() => nn.dense(3).build([]), ShapeError, /flatten/],
    [() => nn.conv2d(0, 3), ArgumentError, /conv2d/],
    [() => nn.conv2d(3, 3).build([4, 4]), ShapeError, /conv2d: needs images/],
    [() => nn.conv2d(3, 5).build([4, 4, 1]), ShapeError, /5×5 does not fit/],
    [() => nn.conv2d(4, 3, { groups: 2 }).build([8, 8, 3]), ShapeError, /2 equal groups/],
    [() => nn.maxPool2d(3).build([2, 2, 1]), ShapeError, /maxPool2d/],
    [() => nn.globalAveragePool2d().build([4]), ShapeError, /globalAveragePool2d/],
    [() => nn.batchNorm({ momentum: 2 }), ArgumentError, /momentum 2/],
    [() => nn.dropout(-0.5), ArgumentError, /dropout/],
    [() => nn.concat([]), ArgumentError, /branch/],
    [() => nn.residual(nn.dense(3)).build([4]), ShapeError, /\[1,3\] and the shortcut \[1,4\]/],
  ];
  for (const [make, kind, message] of refused) {
    try {
      make();
    } catch (error) {
      assert.instance(error, kind);
      assert.match((error as Error).message, message);
      continue;
    }
    assert.unreachable(`${make} throws`);
  }
});

test('building a model computes nothing and draws the same weights as computing does', async () => {
  random.seed(9);
  const built = nn.sequential([nn.dense(3), nn.dense(2)]).build([4]);
  random.seed(9);
  const used = nn.sequential([nn.dense(3), nn.dense(2)]);
  used.forward(asTensor(input(2, 4)));
  assert.equal(await weightsOf(used), await weightsOf(built));
});

test.run();
