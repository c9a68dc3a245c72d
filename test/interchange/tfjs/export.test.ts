import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, FileError } from '../../../src/errors.ts';
import * as tfjs from '../../../src/interchange/tfjs/index.ts';
import * as nn from '../../../src/nn/index.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { type Tensors, valuesOf } from '../../../src/tensor/structure.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { Variable } from '../../../src/tensor/variable.ts';
import '../../../src/tensor/methods.ts';
import { rejection, withFolder } from '../../data/tiny-images.ts';
import { models } from './models.ts';
import { randomize, sizesOf } from './same-outputs.ts';
import { filesOf, loadedFrom, tensorFlow } from './tensorflow.ts';

const test = suite('TensorFlow.js export');
const { core, layers } = await tensorFlow();

/** Other weights than the first ones, all above 0, as variances are. */
function vary(model: nn.AnyLayer): void {
  for (const [i, variable] of model.variables.entries()) {
    const values = Float32Array.from({ length: variable.size }, (_, k) => {
      const noise = Math.sin(12.9898 * (k + 1) + 78.233 * (i + 1)) * 43758.5453;
      return 0.1 + 0.5 * (noise - Math.floor(noise));
    });
    variable.assign(tensor(values, variable.shape));
  }
}

/** Numbers for an input of TensorFlow.js' model; whole ones below 5 where it takes those. */
function numbersFor({ shape, dtype }: { shape: (number | null)[]; dtype: string }, seed: number) {
  const sizes = shape.map((size, i) => size ?? (i === 0 ? 3 : 5));
  const values = Float32Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, (_, k) => {
    const real = 2 * Math.sin(7.3 * (k + 1) + seed);
    return dtype === 'int32' ? Math.floor(Math.abs(real) * 2.49) : real;
  });
  return { values, sizes, isWhole: dtype === 'int32' };
}

async function assertClose(found: AnyTensor, shape: number[], expected: ArrayLike<number>) {
  assert.equal(found.shape, shape);
  const values = await found.data();
  for (let k = 0; k < expected.length; k++) {
    const [a, b] = [Number(values[k]), expected[k]!];
    assert.ok(Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b)), `${k}: ${a}, expected ${b}`);
  }
}

/** One input by itself, several in an array. */
const inOrder = (inputs: AnyTensor[]): Tensors => (inputs.length === 1 ? inputs[0]! : inputs);

/**
 * Writes a model; what TensorFlow.js loads, and what we read again, compute what the model does.
 * Returns the topology.
 */
async function assertExported(
  model: nn.AnyLayer,
  options: tfjs.WriteOptions = {},
  arrange: (inputs: AnyTensor[]) => Tensors = inOrder,
) {
  const files = await tfjs.encode(model, options);
  const theirs = await loadedFrom(files);
  const inputs = theirs.inputs.map((input, i) => numbersFor(input, i + 1));
  const ours = inputs.map(({ values, sizes, isWhole }) =>
    tensor(isWhole ? Int32Array.from(values) : values, sizes),
  );
  const given = arrange(ours);
  const expected = valuesOf(model.forward(given));
  const predicted = [
    theirs.predict(
      inputs.map(({ values, sizes, isWhole }) =>
        core.tensor(Array.from(values), sizes, isWhole ? 'int32' : 'float32'),
      ),
    ),
  ].flat();
  assert.is(predicted.length, expected.length);
  for (const [i, one] of expected.entries()) {
    await assertClose(one, predicted[i]!.shape, await predicted[i]!.data());
  }
  const read = async (path: string) => files.get(path)!;
  const again = await tfjs.decode<Tensors, Tensors>(files.get('model.json')!, read, {
    inputShape: inputs.map(({ sizes }) => sizes.slice(1)),
  });
  const repeated = valuesOf(again.forward(inOrder(ours)));
  for (const [i, one] of expected.entries()) {
    await assertClose(repeated[i]!, [...one.shape], (await one.data()) as Float32Array);
  }
  return JSON.parse(new TextDecoder().decode(files.get('model.json'))).modelTopology;
}

/** TensorFlow.js cannot read the first when it has written it, and masks are values of their own here. */
const UNWRITTEN = [
  'activation gelu_new',
  'steps that are hidden',
  'hidden words',
  'hidden words, both ways',
];

for (const [name, make] of Object.entries(models)) {
  if (UNWRITTEN.includes(name)) continue;
  test(`gives back what was read: ${name}`, async () => {
    const theirs = make(layers);
    randomize(theirs);
    const { json, read } = await filesOf(theirs);
    const ours = await tfjs.decode<Tensors, Tensors>(json, read, sizesOf(theirs));
    const { inputShape } = sizesOf(theirs);
    const shape = theirs.inputs.map((input) => input.shape.slice(1));
    await assertExported(ours, { inputShape: inputShape ?? shape });
  });
}

const image = [8, 6, 3];

/** Models of layers one after the other, by the shape of their input. */
const chains: Record<string, [shape: number[], layers: nn.Layer[]]> = {
  'activations with weights': [
    [6],
    (['relu6', 'selu', 'gelu', 'silu', 'mish', 'softplus', 'logSoftmax'] as const).map(
      (activation) => nn.dense(5, { activation, kernelRegularizer: nn.l2(1e-3) }),
    ),
  ],
  'activations by themselves': [
    [7],
    [
      ...[nn.leakyRelu(), nn.dense(6), nn.elu(), nn.dense(6), nn.thresholdedRelu(0.2)],
      ...[nn.dense(6), nn.tanh(), nn.gelu(), nn.silu(), nn.identity(), nn.softmax()],
    ],
  ],
  images: [
    image,
    [
      nn.conv2d(4, [3, 2], { padding: 'same', strides: 2, activation: 'relu' }),
      nn.batchNorm({ epsilon: 1e-4 }),
      nn.depthwiseConv2d(3, { depthMultiplier: 2, padding: 'same' }),
      nn.separableConv2d(5, 2, { padding: 'same', depthMultiplier: 2, activation: 'tanh' }),
      nn.upsampling2d([2, 1]),
      nn.zeroPadding2d([1, 0, 2, 3]),
      nn.cropping2d([1, 2]),
      nn.conv2dTranspose(3, 3, { strides: 2 }),
      nn.maxPool2d([3, 2], { strides: 1, padding: 'same' }),
      nn.avgPool2d(),
      nn.layerNorm(),
      nn.flatten(),
      nn.dropout(0.5),
      nn.dense(4, { bias: false }),
    ],
  ],
  'sequences of numbers': [
    [9],
    [
      nn.embedding(5, 4),
      nn.conv1d(6, 3, { padding: 'same', dilations: 2 }),
      nn.bidirectional(nn.lstm(3, { returnSequences: true }), { mergeMode: 'mul' }),
      nn.simpleRNN(4, { activation: 'relu', returnSequences: true, goBackwards: true }),
      nn.lstm(4, { bias: false, returnSequences: true }),
      nn.maxPool1d(2, { strides: 1 }),
      nn.avgPool1d(3),
      nn.globalMaxPool1d(),
      nn.repeatVector(3),
      nn.permute([2, 1]),
      nn.reshape([-1]),
    ],
  ],
  'gates and steps': [
    [6, 5, 2],
    [
      nn.rescaling(0.5, -1),
      nn.prelu({ sharedAxes: [1, 2], regularizer: nn.l1(1e-4) }),
      nn.timeDistributed(nn.dense(4, { activation: 'relu' })),
      nn.timeDistributed(nn.flatten()),
      nn.gaussianNoise(0.1),
      nn.gaussianDropout(0.2),
      nn.spatialDropout1d(0.2),
      nn.bidirectional(nn.gru(3, { resetAfter: false, returnSequences: true })),
      nn.timeDistributed(nn.batchNorm()),
      nn.lstm(4, { activation: 'relu', recurrentActivation: 'softsign', returnSequences: true }),
      nn.gru(3, { resetAfter: false, recurrentActivation: 'sigmoid', bias: false }),
    ],
  ],
  volumes: [
    [4, 5, 6, 2],
    [
      nn.conv3d(3, [1, 2, 3]),
      nn.maxPool3d([1, 2, 2], { strides: 1 }),
      nn.conv3dTranspose(2, 2, { strides: 2, padding: 'same' }),
      nn.avgPool3d(2),
    ],
  ],
  'models within it': [
    [6],
    [
      nn.sequential([nn.dense(5), nn.sequential([nn.relu(), nn.dense(4)])]),
      nn.sequential([nn.dense(4)]),
    ],
  ],
};

for (const [name, [inputShape, parts]] of Object.entries(chains)) {
  test(`writes a sequential model: ${name}`, async () => {
    const model = nn.sequential(parts).build(inputShape);
    vary(model);
    const { class_name } = await assertExported(model, { inputShape });
    assert.is(class_name, 'Sequential');
  });
}

test('writes residual blocks and branches as layers that merge', async () => {
  const shortcut = nn.conv2d(4, 1);
  const model = nn.sequential([
    nn.residual(nn.sequential([nn.conv2d(4, 3, { padding: 'same' }), nn.batchNorm()]), shortcut),
    nn.residual(nn.conv2d(4, 1)),
    nn.concat([nn.identity(), nn.conv2d(2, 1), nn.maxPool2d(1)], 3),
    nn.add([nn.conv2d(2, 1), nn.conv2d(2, 1)]),
  ]);
  model.build(image);
  vary(model);
  const { class_name, config } = await assertExported(model, { inputShape: image });
  assert.is(class_name, 'Model');
  const merges = config.layers.filter((layer: { class_name: string }) =>
    ['Add', 'Concatenate'].includes(layer.class_name),
  );
  assert.is(merges.length, 4);
});

test('writes shared layers and models once, and inputs and outputs in the order of their names', async () => {
  const [left, right] = [nn.input([6], { name: 'left side' }), nn.input([6])];
  const tower = nn.sequential([nn.dense(5, { activation: 'tanh' }), nn.layerNorm()]);
  const inner = nn.input([5]);
  const block = nn.model(inner, nn.multiply([inner, nn.dense(5).apply(inner, { name: 'gate' })]));
  const [a, b] = [left, right].map((x) => block.apply(tower.apply(x, { name: 'tower' }))) as [
    nn.Symbolic,
    nn.Symbolic,
  ];
  const outputs = {
    similarity: nn.dot([a, b], { normalize: true }),
    joined: nn.concat([a, nn.average([a, b]), nn.maximum([a, b]), nn.minimum([b, a])]),
    same: right,
  };
  const model = nn.model({ right, left }, outputs);
  vary(model);
  const { config } = await assertExported(model, {}, ([right, left]) => ({
    left: left!,
    right: right!,
  }));
  const names = config.layers.map(({ name }: { name: string }) => name);
  assert.equal(names.slice(0, 2), ['right', 'left_side']);
  for (const name of ['tower_dense', 'tower_layer_norm', 'model_gate', 'similarity', 'joined']) {
    assert.is(names.filter((one: string) => one === name).length, 1, `${name} of ${names}`);
  }
});

test('tells layers of like names apart', async () => {
  const x = nn.input([4]);
  const named = (layer: nn.Layer, at: nn.Symbolic, name: string) => layer.apply(at, { name });
  const first = named(nn.sequential([nn.dense(4)]), x, 'a');
  const model = nn.model(
    x,
    nn.add([named(nn.dense(4), first, 'a_dense'), named(nn.dense(4), x, 'é')]),
  );
  vary(model);
  await assertExported(model);
});

test('leaves sizes open that are null', async () => {
  const model = nn.sequential([nn.lstm(4), nn.dense(2)]).build([5, 3]);
  vary(model);
  const { config } = await assertExported(model, { inputShape: [null, 3] });
  assert.equal(config.layers[0].config.batch_input_shape, [null, null, 3]);
});

test('says which layers are frozen, and how weights are regularized', async () => {
  const frozen = nn.dense(3);
  frozen.trainable = false;
  const model = nn.sequential([
    frozen,
    nn.dense(2, { kernelRegularizer: nn.l1l2(0.1, 0.2), biasRegularizer: (b) => b.abs().sum() }),
  ]);
  const files = await tfjs.encode(model, { inputShape: [4] });
  const { config } = JSON.parse(new TextDecoder().decode(files.get('model.json'))).modelTopology;
  const [, first, second] = config.layers;
  assert.equal([first.config.trainable, second.config.trainable], [false, true]);
  assert.equal(second.config.kernel_regularizer.config, { l1: 0.1, l2: 0.2 });
  assert.is(second.config.bias_regularizer, undefined);
  const again = await tfjs.decode(files.get('model.json')!, async (path) => files.get(path)!);
  assert.is(again.trainableVariables.length, 2);
});

test('divides weights into files of 4 MiB', async () => {
  const model = nn.sequential([nn.dense(1200), nn.dense(1)]).build([1000]);
  vary(model);
  const files = await tfjs.encode(model, { inputShape: [1000] });
  assert.equal([...files.keys()], ['group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.json']);
  assert.is(files.get('group1-shard1of2.bin')!.length, 4 * 1024 * 1024);
  await assertExported(model, { inputShape: [1000] });
});

class Scaling extends nn.Layer {
  readonly type = 'dense';
  readonly factor = new Variable(tensor([2]), { name: 'factor' });
  protected compute(x: AnyTensor): AnyTensor {
    return x.mul(this.factor.value);
  }
}

test('refuses what TensorFlow.js does not have by the path of the layer', async () => {
  const refused: [RegExp, nn.Layer, number[]][] = [
    [/'layers\.1' \(groupNorm\) has no counterpart in TensorFlow\.js\. Make/, nn.groupNorm(1), [4]],
    [/\(lambda\) has no counterpart/, nn.lambda((x) => x), [4]],
    [/\(dense\) has no counterpart/, new Scaling(), [4]],
    [/\(subtract\) has no counterpart/, nn.subtract([nn.dense(2), nn.dense(2)]), [4]],
    [/has the activation 'geluTanh', which/, nn.activation('geluTanh'), [4]],
    [/has the activation 'hardSigmoid', which/, nn.activation('hardSigmoid'), [4]],
    [
      /has the activation the function/,
      nn.dense(2, {
        activation: function cube(x) {
          return x;
        },
      }),
      [4],
    ],
    [/\(gru\) has resetAfter true, .* It can be false/, nn.gru(2), [3, 4]],
    [/\(elu\) has alpha 0\.5, /, nn.elu(0.5), [4]],
    [/has padding 1, which/, nn.conv2d(2, 3, { padding: 1 }), image],
    [/has padding 'causal'/, nn.conv1d(2, 3, { padding: 'causal' }), [8, 3]],
    [/has groups 3, .* It can be 1/, nn.conv2d(3, 1, { groups: 3 }), image],
    [/has dilations 2/, nn.maxPool2d(2, { dilations: 2 }), image],
    [
      /has outputPadding 1, .* Leave it out/,
      nn.conv2dTranspose(2, 3, { strides: 2, outputPadding: 1 }),
      image,
    ],
    [/has interpolation 'bilinear'/, nn.upsampling2d(2, { interpolation: 'bilinear' }), image],
  ];
  for (const [message, layer, inputShape] of refused) {
    const error = await rejection(tfjs.encode(nn.sequential([nn.relu(), layer]), { inputShape }));
    assert.instance(error, ArgumentError);
    assert.match(error.message, message);
  }
});

test('asks for the shape of the input, and for weights', async () => {
  const model = nn.sequential([nn.dense(2)]);
  const x = nn.input([3, 4]);
  const cases: [RegExp, nn.AnyLayer, tfjs.WriteOptions][] = [
    [/the shape of the model's input is an array. Give it/, model, {}],
    [/'layers\.0' \(dense\) has no weights yet/, model, { inputShape: [null, 4] }],
    [
      /the input 'input' of the model is \[3,4\], which \[3,5\]/,
      nn.model(x, nn.dense(2).apply(x)),
      { inputShape: [3, 5] },
    ],
  ];
  for (const [message, layer, options] of cases) {
    const error = await rejection(tfjs.encode(layer, options));
    assert.instance(error, ArgumentError);
    assert.match(error.message, message);
  }
});

test('save writes a folder that load reads, and replaces what was there', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'digits');
    for (const units of [2, 3]) {
      const model = nn.sequential([nn.dense(units)]).build([4]);
      vary(model);
      await tfjs.save(path, model, { inputShape: [4] });
      const x = tensor([[1, -2, 3, 0.5]]);
      const again = await tfjs.load(path);
      assert.equal(await again.forward(x).array(), await model.forward(x).array());
    }
    assert.equal(await readdir(path), ['group2-shard1of1.bin', 'model.json']);
    const file = join(folder, 'file');
    await writeFile(file, 'here');
    const model = nn.sequential([nn.dense(1)]);
    const error = await rejection(tfjs.save(file, model, { inputShape: [4] }));
    assert.instance(error, FileError);
    assert.is(await readFile(file, 'utf8'), 'here');
  }));

test.run();
