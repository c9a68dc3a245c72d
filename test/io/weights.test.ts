import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, CheckpointError } from '../../src/errors.ts';
import * as io from '../../src/io/index.ts';
import * as nn from '../../src/nn/index.ts';
import * as optim from '../../src/optim/index.ts';
import '../../src/tensor/methods.ts';
import { full, tensor } from '../../src/tensor/ops/creation.ts';
import { seed } from '../../src/tensor/random/generator.ts';
import type { AnyTensor } from '../../src/tensor/tensor.ts';
import { type AnyVariable, Variable } from '../../src/tensor/variable.ts';
import { rejection, withFolder } from '../data/tiny-images.ts';
import { bytesOf } from './safetensors-bytes.ts';

const test = suite('weights');

const INPUT = [6, 6, 3];

function model(units = 5): nn.Layer {
  const layers = [
    nn.conv2d(4, 3),
    nn.batchNorm(),
    nn.globalAveragePool2d(),
    nn.dense(units, { activation: 'tanh' }),
  ];
  return nn.sequential(layers).build(INPUT);
}

const images = (count: number) =>
  tensor(
    Float32Array.from({ length: count * 108 }, (_, i) => Math.sin(i)),
    [count, ...INPUT],
  ) as AnyTensor;

/** Trains a little, so that weights, running statistics and flat storage are as in a real run. */
async function trained(): Promise<nn.Layer> {
  const net = model();
  const optimizer = optim.sgd(net.trainableVariables, { lr: 0.1 });
  for (let i = 0; i < 3; i++) {
    await optimizer.step(net.forward(images(4), { training: true }).square().mean());
  }
  return net;
}

test('a model loaded from a file computes the same bits', async () => {
  seed(1);
  const net = await trained();
  await withFolder(async (folder) => {
    const file = join(folder, 'model.safetensors');
    await io.saveWeights(file, net, { metadata: { epoch: '3' } });
    const { tensors, metadata } = await io.readSafetensors(file);
    assert.equal(metadata, { epoch: '3' });
    assert.equal([...tensors.keys()].sort(), [
      'layers.0.bias',
      'layers.0.weight',
      'layers.1.bias',
      'layers.1.running_mean',
      'layers.1.running_var',
      'layers.1.weight',
      'layers.3.bias',
      'layers.3.weight',
    ]);
    seed(2);
    const other = model();
    assert.equal(await io.loadWeights(file, other), { missing: [], unexpected: [] });
    const [mine, theirs] = [net.forward(images(2)), other.forward(images(2))];
    assert.equal(bytesOf(await theirs.data()), bytesOf(await mine.data()));
  });
});

test('weights can be given to a model whose optimizer has begun, and it goes on', async () => {
  seed(1);
  const net = await trained();
  const start = await io.weightsOf(net);
  const optimizer = optim.sgd(net.trainableVariables, { lr: 0.5 });
  const step = () => optimizer.step(net.forward(images(4), { training: true }).square().mean());
  const after = async () => bytesOf((await io.weightsOf(net)).get('layers.3.weight')!.data);
  await step();
  const once = await after();
  await step();
  assert.not.equal(await after(), once);
  await io.setWeights(net, start);
  assert.equal(await after(), bytesOf(start.get('layers.3.weight')!.data));
  await step();
  assert.equal(await after(), once);
});

test('all dtypes and empty and scalar shapes travel', async () => {
  const make = (): Map<string, AnyVariable> =>
    new Map([
      ['f32', new Variable(tensor(Float32Array.of(1.5, -0, 1e-40), [3]))],
      ['i32', new Variable(tensor(Int32Array.of(-5), []))],
      ['u32', new Variable(tensor(Uint32Array.of(4294967295, 7), [2, 1]))],
      ['bool', new Variable(tensor(Uint8Array.of(1, 0, 1), [3], { dtype: 'bool' }))],
    ] as unknown as [string, AnyVariable][]);
  const first = await io.weightsOf(make());
  const variables = make();
  for (const variable of variables.values()) {
    variable.assign(full(variable.shape, 0, { dtype: variable.dtype }));
  }
  await io.setWeights(variables, io.decodeSafetensors(io.encodeSafetensors(first)).tensors);
  for (const [name, { shape, dtype, data }] of await io.weightsOf(variables)) {
    const expected = first.get(name)!;
    assert.equal([shape, dtype], [expected.shape, expected.dtype]);
    assert.equal([...data], [...expected.data]);
  }
  assert.equal([...first.get('i32')!.data], [-5]);
});

test('the values are those at the time of the call', async () => {
  const variable = new Variable(tensor([1, 2]));
  variable.assign(tensor([3, 4]));
  const asked = io.weightsOf(new Map([['v', variable as AnyVariable]]));
  variable.assign(tensor([5, 6]));
  await variable.data();
  assert.equal([...(await asked).get('v')!.data], [3, 4]);
  assert.equal([...(await variable.data())], [5, 6]);
});

test('what does not fit is listed, and nothing is assigned', async () => {
  const net = model();
  const before = await io.weightsOf(net);
  const tensors = new Map(before);
  tensors.delete('layers.1.running_var');
  tensors.set('head.weight', { shape: [], dtype: 'f32', data: new Float32Array(1) });
  tensors.set('layers.3.bias', { shape: [7], dtype: 'f32', data: new Float32Array(7) });
  tensors.set('layers.0.bias', { shape: [4], dtype: 'i32', data: new Int32Array(4) });
  const error = await rejection(io.setWeights(net, tensors, { source: 'model.safetensors' }));
  assert.instance(error, CheckpointError);
  assert.match(error.message, /^model\.safetensors does not fit the model:/);
  assert.match(error.message, 'misshapen: layers.0.bias is i32[4], not f32[4], layers.3.bias is');
  assert.match(error.message, 'missing: layers.1.running_var\n');
  assert.match(error.message, 'unexpected: head.weight\n');
  assert.instance(await rejection(io.setWeights(net, tensors, { strict: false })), CheckpointError);
  for (const [name, { data }] of await io.weightsOf(net)) {
    assert.equal(bytesOf(data), bytesOf(before.get(name)!.data));
  }
});

test('without strict, what both have is loaded and the rest is told', async () => {
  const net = model();
  const bias = { shape: [5], dtype: 'f32', data: Float32Array.of(1, 2, 3, 4, 5) } as const;
  const tensors = new Map<string, io.HostTensor>([
    ['layers.3.bias', bias],
    ['extra', bias],
  ]);
  const match = await io.setWeights(net, tensors, { strict: false });
  assert.equal(match.unexpected, ['extra']);
  assert.is(match.missing.length, 7);
  assert.equal([...(await io.weightsOf(net)).get('layers.3.bias')!.data], [1, 2, 3, 4, 5]);
});

test("strict: 'shapes' loads what fits by name and shape, and tells the rest", async () => {
  const net = model();
  const before = await io.weightsOf(net);
  const ones = (size: number): io.HostTensor => {
    return { shape: [size], dtype: 'f32', data: new Float32Array(size).fill(1) };
  };
  const tensors = new Map<string, io.HostTensor>([
    ['layers.0.bias', ones(4)],
    ['layers.3.bias', ones(7)],
    ['layers.1.bias', { shape: [4], dtype: 'i32', data: new Int32Array(4) }],
    ['extra', ones(1)],
  ]);
  const match = await io.setWeights(net, tensors, { strict: 'shapes' });
  assert.equal(match.misshapen, ['layers.1.bias', 'layers.3.bias']);
  assert.equal(match.unexpected, ['extra']);
  assert.is(match.missing.length, 5);
  const after = await io.weightsOf(net);
  assert.equal([...after.get('layers.0.bias')!.data], [1, 1, 1, 1]);
  for (const name of ['layers.1.bias', 'layers.3.bias', 'layers.3.weight']) {
    assert.equal(bytesOf(after.get(name)!.data), bytesOf(before.get(name)!.data));
  }
  const strict = 'shape' as never;
  assert.instance(await rejection(io.setWeights(net, tensors, { strict })), ArgumentError);
});

test('long lists are cut, and a model without variables is told to be built', async () => {
  const tensors = await io.weightsOf(
    nn.sequential(Array.from({ length: 9 }, () => nn.dense(1))).build([1]),
  );
  const { message } = await rejection(io.setWeights(model(), tensors));
  assert.match(message, /unexpected: (\S+ ){4}\S+, and 7 more\n/);
  const unbuilt = await rejection(io.setWeights(nn.dense(1), tensors));
  assert.instance(unbuilt, CheckpointError);
  assert.match(unbuilt.message, 'call build first');
});

test('f16 goes into a variable of f16 or f32, f32 into none of f16', async () => {
  const half = { shape: [3], dtype: 'f16', data: Float32Array.of(1, 2 ** -24, -65504) } as const;
  const tensors = new Map([['w', half]]);
  for (const dtype of ['f16', 'f32'] as const) {
    const variables = new Map<string, AnyVariable>([['w', new Variable(full([3], 0, { dtype }))]]);
    await io.setWeights(variables, tensors);
    const back = (await io.weightsOf(variables)).get('w')!;
    assert.is(back.dtype, dtype);
    assert.equal([...back.data], [...half.data]);
    const plain = new Map([['w', { ...half, dtype: 'f32' as const }]]);
    if (dtype === 'f32') continue;
    const error = await rejection(io.setWeights(variables, plain));
    assert.instance(error, CheckpointError);
    assert.match(error.message, /w is f32\[3\], not f16\[3\]/);
  }
});

test.run();
