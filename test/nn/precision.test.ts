import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  explain,
  grad,
  losses,
  nn,
  random,
  realize,
  tensor,
  Variable,
} from '../../src/index.ts';
import type { NdArray } from '../reference/array.ts';
import { nearestHalf } from '../reference/half.ts';
import { matMul } from '../reference/linear.ts';
import { spread } from '../tensor/arbitraries.ts';
import { assertClose, assertSame } from '../tensor/closeness.ts';
import { refuses } from '../tensor/refusal.ts';
import { download, upload } from '../tensor/transfer.ts';

const test = suite('nn: precision');

const HALVES = { training: true, precision: 'f16' } as const;
const WHOLES = { training: true } as const;

const isStored = ({ data }: NdArray) => data.every((value) => value === nearestHalf(value));

test('a layer gives f32 that an f16 can be: activations of rounded sums, rounded', async () => {
  const layer = nn.dense(5, { activation: 'relu' }).build([4]);
  const x = spread([3, 4], 1, [-1, 1]);
  const w = await download(layer.variables[0]!.value);
  const y = layer.forward(upload(x), HALVES);
  assert.is(y.dtype, 'f32');
  const expected = matMul(x, w).map((sum) => Math.max(0, nearestHalf(sum)));
  // A sum next to the middle of two may go to either.
  assertClose(await download(y), expected, { relative: 1e-3 });
  assert.ok(isStored(await download(y)));
});

const shape = [2, 6, 6, 8];
const layers: Record<string, () => nn.Layer> = {
  'dense, by a function': () => nn.dense(3, { activation: (x) => x.softmax() }),
  'dense, softmax': () => nn.dense(3, { activation: 'softmax' }),
  'dense, gelu': () => nn.dense(3, { activation: 'gelu' }),
  'dense, mish': () => nn.dense(3, { activation: 'mish' }),
  'dense, celu': () => nn.dense(3, { activation: 'celu' }),
  'dense, logSoftmax': () => nn.dense(3, { activation: 'logSoftmax' }),
  conv2d: () => nn.conv2d(8, 3, { activation: 'relu' }),
  depthwiseConv2d: () => nn.depthwiseConv2d(3),
  conv2dTranspose: () => nn.conv2dTranspose(3, 2),
  batchNorm: () => nn.batchNorm(),
  layerNorm: () => nn.layerNorm(),
  maxPool2d: () => nn.maxPool2d(),
  avgPool2d: () => nn.avgPool2d(),
  globalAveragePool2d: () => nn.globalAveragePool2d(),
  relu: () => nn.relu(),
  leakyRelu: () => nn.leakyRelu(),
  prelu: () => nn.prelu({ sharedAxes: [1, 2], initializer: 'uniform' }),
  softmax: () => nn.softmax(),
  flatten: () => nn.flatten(),
  residual: () => nn.residual(nn.conv2d(8, 3, { padding: 'same' })),
  concat: () => nn.concat([nn.relu(), nn.tanh()]),
};

for (const [name, make] of Object.entries(layers)) {
  test(`${name}: values and gradients are those of f32, to the digits that f16 has`, async () => {
    random.seed(3);
    // What goes in is f16 already: the differences are those of this layer.
    const layer = make().build(shape.slice(1));
    const x = upload(spread(shape, 2, [-1, 1]).map(nearestHalf));
    const outcome = async (mode: nn.Mode) => {
      const y = layer.forward(x, mode);
      const seed = upload(spread(y.shape, 3, [-1, 1]));
      const gradients = grad(y, [x, ...layer.trainableVariables], seed);
      await realize(y, ...gradients);
      return Promise.all([y, ...gradients].map((value) => download(value as AnyTensor)));
    };
    const [halves, wholes] = [await outcome(HALVES), await outcome(WHOLES)];
    if (name !== 'flatten') assert.ok(isStored(halves[0]!));
    for (const [i, expected] of wholes.entries()) {
      const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      assertClose(halves[i]!, expected, { relative: 2e-3, scale: largest }, `${name}, ${i}`);
    }
  });
}

test('gradients are stored as f16, which a scale of the loss keeps from being 0', async () => {
  const layer = nn.dense(2).build([2]);
  const x = tensor([[1, 2]]);
  const derivative = async (scale: number) => {
    const y = layer.forward(x, HALVES);
    const [d] = grad(y.sum().mul(scale), [layer.variables[0]!]);
    return [...(await d!.data())];
  };
  assert.equal(await derivative(2 ** -30), [0, 0, 0, 0]);
  assert.equal(
    await derivative(2 ** -20),
    [1, 1, 2, 2].map((value) => value * 2 ** -20),
  );
  assert.equal(await derivative(2 ** 17), [Infinity, Infinity, Infinity, Infinity]);
});

test('layers of your own need know nothing of it', async () => {
  class Scale extends nn.Layer {
    readonly type = 'scale';
    readonly factor = new Variable(tensor([0.1, 0.2, 0.3]));

    protected compute(x: AnyTensor): AnyTensor {
      assert.is(x.dtype, 'f32');
      return x.mul(this.factor.value).softmax();
    }
  }
  const model = nn.sequential([nn.dense(3), new Scale()]).build([4]);
  const y = model.forward(upload(spread([2, 4], 1, [-1, 1])), HALVES);
  assert.is(y.dtype, 'f32');
  assert.ok(isStored(await download(y)));
  const same = nn.sequential([nn.embedding(5, 3)]).build([2]);
  const rows = same.forward(tensor(Int32Array.of(1, 4), [2]), HALVES);
  assert.ok(isStored(await download(rows)));
});

test('the same bits each time, and those of f32 where nothing is said', async () => {
  const run = async (mode: nn.Mode) => {
    random.seed(1);
    const model = nn.sequential([nn.dense(8, { activation: 'tanh' }), nn.dense(3)]).build([4]);
    const labels = tensor(Int32Array.of(0, 2), [2]);
    const loss = losses.crossEntropy(
      model.forward(upload(spread([2, 4], 1, [-1, 1])), mode),
      labels,
    );
    const gradients = grad(loss, model.trainableVariables);
    return Promise.all([loss, ...gradients].map((value) => download(value as AnyTensor)));
  };
  const [first, again] = [await run(HALVES), await run(HALVES)];
  for (const [i, value] of first.entries()) assertSame(again[i]!, value);
  const [said, unsaid] = [await run({ ...WHOLES, precision: 'f32' }), await run(WHOLES)];
  for (const [i, value] of said.entries()) assertSame(unsaid[i]!, value);
  assert.not.equal(said[1], first[1]);
});

test('what is between layers takes half the memory', async () => {
  const model = nn.sequential([
    nn.conv2d(16, 3, { activation: 'relu' }),
    nn.conv2d(16, 3, { activation: 'relu' }),
    nn.conv2d(16, 3, { activation: 'relu' }),
  ]);
  const x = random.uniform([8, 20, 20, 16]);
  await realize(x, ...model.build([20, 20, 16]).variables.map(({ value }) => value));
  const run = async (mode: nn.Mode) => {
    const { rows, dispatches } = await explain(
      ...grad(model.forward(x, mode).sum(), [model.variables[0]!]),
    );
    // Of the second layer on, forwards and backwards: what they read and write is between layers.
    const between = rows.filter(({ kernel }) => /forward|input_gradient/.test(kernel)).slice(1);
    return {
      dispatches,
      bytes: between.reduce((sum, row) => sum + row.bytesRead + row.bytesWritten, 0),
    };
  };
  const [halves, wholes] = [await run(HALVES), await run(WHOLES)];
  assert.is(halves.dispatches, wholes.dispatches);
  assert.ok(halves.bytes < 0.55 * wholes.bytes, `${halves.bytes} of ${wholes.bytes} bytes`);
});

test('what it is not is refused', () => {
  const mode = { training: true, precision: 'f8' } as unknown as nn.Mode;
  const layer = nn.relu();
  refuses(() => layer.forward(tensor([1]), mode), ArgumentError, /^relu: precision .*'f8'/);
});

test.run();
