import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, CheckpointError } from '../../../src/errors.ts';
import * as keras from '../../../src/interchange/keras/index.ts';
import { sgd } from '../../../src/optim/index.ts';
import '../../../src/tensor/methods.ts';
import { tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import type { Tensors } from '../../../src/tensor/structure.ts';
import { rejection, withFolder } from '../../data/tiny-images.ts';
import { models } from '../tfjs/models.ts';
import { assertSameOutputs, randomize, sizesOf } from '../tfjs/same-outputs.ts';
import { tensorFlow } from '../tfjs/tensorflow.ts';
import {
  archiveFile,
  archiveOf,
  hdf5File,
  type StoredArray,
  wholeModelFile,
} from './saved-models.ts';

const test = suite('Keras import');
const { layers } = await tensorFlow();
const formats = { '.keras': archiveFile, '.h5': wholeModelFile };

for (const [format, save] of Object.entries(formats)) {
  for (const [name, make] of Object.entries(models)) {
    // Keras 3 has another hard sigmoid, below.
    if (format === '.keras' && /hard/.test(name)) continue;
    test(`computes what it did there, of ${format}: ${name}`, async () => {
      const theirs = make(layers);
      randomize(theirs);
      const bytes = await save(theirs);
      const ours = await keras.decode<Tensors, Tensors>(bytes, sizesOf(theirs));
      await assertSameOutputs(ours, theirs);
    });
  }
}

/** A model of one layer for [2] features, called `mine`. */
const model = (
  class_name: string,
  config: object = {},
  batch_shape: (number | null)[] = [null, 2],
) => ({
  class_name: 'Sequential',
  config: {
    name: 'all',
    layers: [
      { class_name: 'InputLayer', config: { name: 'in', batch_shape } },
      { class_name, config: { name: 'mine', ...config } },
    ],
  },
});

const array = (shape: number[], data: number[]) => ({ shape, data: Float32Array.from(data) });
const KERNEL_AND_BIAS = [array([2, 1], [2, -1]), array([1], [0.5])];

/** The weights of that layer as Keras 3 numbers them. */
const vars = (folder: string, values = KERNEL_AND_BIAS) =>
  hdf5File(new Map(values.map((value, i) => [`layers/${folder}/vars/${i}`, value])));

const outputs = async (bytes: Uint8Array, x: number[][]) => [
  ...(await (await keras.decode(bytes)).forward(tensor(x)).data()),
];

test('takes the hard sigmoid of the version that wrote the file', async () => {
  const config = model('Dense', { units: 1, activation: 'hard_sigmoid' });
  const weights = await vars('dense');
  const sum = 2 * 0.25 - 1 * 0.5 + 0.5;
  const [three] = await outputs(archiveOf(config, weights, '3.0.0'), [[0.25, 0.5]]);
  const [two] = await outputs(archiveOf(config, weights, '2.15.0'), [[0.25, 0.5]]);
  assert.ok(Math.abs(three! - (sum / 6 + 0.5)) < 1e-6);
  assert.ok(Math.abs(two! - (sum * 0.2 + 0.5)) < 1e-6);
});

test('reads both ways over the steps that are there, and gives 0 for others', async () => {
  const layer = { class_name: 'SimpleRNN', config: { units: 1, return_sequences: true } };
  const config = {
    class_name: 'Sequential',
    config: {
      name: 'all',
      layers: [
        { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 3, 1] } },
        { class_name: 'Masking', config: { name: 'mask', mask_value: 0 } },
        { class_name: 'Bidirectional', config: { name: 'mine', merge_mode: 'concat', layer } },
      ],
    },
  };
  const sides = { forward: [0.5, -0.25, 0.1], backward: [0.75, 0.4, -0.2] };
  const weights = Object.entries(sides).flatMap(([side, values]) =>
    values.map((value, i) => {
      const path = `layers/bidirectional/${side}_layer/cell/vars/${i}`;
      return [path, array(i < 2 ? [1, 1] : [1], [value])] as const;
    }),
  );
  const bytes = archiveOf(config, await hdf5File(new Map(weights)), '3.0.0');
  const step = ([w, u, b]: readonly number[], x: number, h: number) =>
    Math.tanh(w! * x + u! * h + b!);
  const { forward, backward } = sides;
  const first = step(forward, 0.6, 0);
  const last = step(backward, -0.9, 0);
  const wanted = [first, step(backward, 0.6, last), 0, 0, step(forward, -0.9, first), last];
  const read = await keras.decode(bytes);
  const found = [...(await read.forward(tensor([[[0.6], [0], [-0.9]]])).data())];
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - wanted[i]!) < 1e-6, `${found} for ${wanted}`);
  });
});

test('tells a scale without a shift from a shift without a scale', async () => {
  const [mean, variance] = [array([2], [1, 2]), array([2], [4, 9])];
  for (const [scale, center] of [
    [true, false],
    [false, true],
  ]) {
    const given = array([2], [3, 5]);
    const config = model('BatchNormalization', { scale, center, epsilon: 1e-9 });
    const weights = await vars('batch_normalization', [given, mean, variance]);
    const found = await outputs(archiveOf(config, weights), [[3, 8]]);
    const normal = [(3 - 1) / 2, (8 - 2) / 3];
    const expected = normal.map((x, i) => (scale ? x * given.data[i]! : x + given.data[i]!));
    for (const [i, want] of expected.entries()) assert.ok(Math.abs(found[i]! - want) < 1e-5);
  }
});

test('reads weights of double precision', async () => {
  const arrays = new Map([
    ['layers/dense/vars/0', { shape: [2, 1], data: Float64Array.of(2, -1) }],
    ['layers/dense/vars/1', { shape: [1], data: Float64Array.of(0.5) }],
  ]);
  const bytes = archiveOf(model('Dense', { units: 1 }), await hdf5File(arrays));
  assert.equal(await outputs(bytes, [[3, 4]]), [2.5]);
});

test('reads weights of compressed chunks, and notices damaged ones', async () => {
  const data = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i));
  const arrays = new Map<string, StoredArray>([
    ['layers/dense/vars/0', { shape: [2000, 1], data, chunks: [500, 1] }],
    ['layers/dense/vars/1', array([1], [0.5])],
  ]);
  const config = model('Dense', { units: 1 }, [null, 2000]);
  const weights = await hdf5File(arrays);
  const x = Array.from({ length: 2000 }, (_, i) => (i === 1700 ? 1 : 0));
  const [found] = await outputs(archiveOf(config, weights), [x]);
  assert.ok(Math.abs(found! - (Math.sin(1700) + 0.5)) < 1e-6);
  const chunk = weights.findIndex((byte, i) => byte === 0x78 && weights[i + 1] === 0x5e);
  weights.fill(0x5a, chunk + 20, chunk + 200);
  const error = await rejection(keras.decode(archiveOf(config, weights)));
  assert.instance(error, CheckpointError);
  assert.match(error.message, /the array 'layers\/dense\/vars\/0' is damaged/);
});

test('finds weights under the names of version 2.13, and of Windows', async () => {
  const theirs = models['recurrent layers']!(layers);
  randomize(theirs);
  const changes = [
    (path: string) => path.replaceAll('layers', '_layer_checkpoint_dependencies'),
    (path: string) => path.replace('layers/', 'layers\\'),
  ];
  for (const change of changes) {
    await assertSameOutputs(await keras.decode(await archiveFile(theirs, change)), theirs);
  }
});

test('finds the weights of files that Keras 3 saves in the old format', async () => {
  const config = JSON.stringify(model('DepthwiseConv2D', { kernel_size: 1 }, [null, 1, 1, 2]));
  const arrays = new Map([
    ['model_weights/mine/all/mine/kernel', array([1, 1, 2, 1], [2, 3])],
    ['model_weights/mine/all/mine/bias', array([2], [0, 1])],
  ]);
  const bytes = await hdf5File(arrays, { model_config: config, keras_version: '3.8.0' });
  const found = await keras.decode(bytes);
  assert.equal([...(await found.forward(tensor([[[[5, 7]]]])).data())], [10, 22]);
});

test('freezes layers that were frozen there', async () => {
  for (const trainable of [true, false]) {
    const bytes = archiveOf(model('Dense', { units: 1, trainable }), await vars('dense'));
    const found = await keras.decode(bytes);
    assert.is(found.trainableVariables.length, trainable ? 2 : 0);
    assert.equal([...(await found.forward(tensor([[3, 4]])).data())], [2.5]);
  }
});

test('trains what it has read', async () => {
  const bytes = archiveOf(model('Dense', { units: 1 }), await vars('dense'));
  const found = await keras.decode(bytes);
  const loss = () =>
    found
      .forward(tensor([[1, 2]]))
      .square()
      .sum();
  const before = await loss().item();
  await sgd(found.trainableVariables, { lr: 0.01 }).step(loss());
  assert.ok((await loss().item()) < before);
});

test('refuses files that it cannot read, and says why', async () => {
  const dense = model('Dense', { units: 1 });
  const weights = await vars('dense');
  const intact = archiveOf(dense, weights);
  const files = unzipSync(intact);
  const without = (name: string) =>
    zipSync(Object.fromEntries(Object.entries(files).filter(([key]) => key !== name)));
  const integers = new Map([
    ['layers/dense/vars/0', { shape: [2, 1], data: Int32Array.of(1, 2) }],
    ['layers/dense/vars/1', { shape: [1], data: Int32Array.of(1) }],
  ]);
  const cases: [RegExp, Uint8Array][] = [
    [/is no zip and no HDF5 file/, strToU8('hello')],
    [/is a picture/, Uint8Array.of(0x89, 0x50, 0x4e, 0x47)],
    [/is no intact zip file/, intact.subarray(0, intact.length - 40)],
    [/has no config\.json/, without('config.json')],
    [/has no metadata\.json/, without('metadata.json')],
    [/has no model\.weights\.h5/, without('model.weights.h5')],
    [/config\.json is no JSON/, zipSync({ ...files, 'config.json': strToU8('{') })],
    [/model\.weights\.h5 is no intact HDF5 file/, archiveOf(dense, weights.subarray(0, 900))],
    [/'mine' \(Dense\) has no weight 'kernel'/, archiveOf(dense, await vars('dense_1'))],
    [/'kernel' \[2,1\], and \[2,3\] is/, archiveOf(model('Dense', { units: 3 }), weights)],
    [/'layers\/dense\/vars\/0' is of type <i/, archiveOf(dense, await hdf5File(integers))],
    [/'mine' \(ConvLSTM2D\) is of a class/, archiveOf(model('ConvLSTM2D'), weights)],
    [/has no model_config: it has weights alone/, weights],
    [/is no intact HDF5 file/, weights.subarray(0, 900)],
    [/model_config is no JSON/, await hdf5File(new Map(), { model_config: 'Sequential' })],
  ];
  for (const [message, bytes] of cases) {
    const error = await rejection(keras.decode(bytes, {}, 'my.keras'));
    assert.instance(error, CheckpointError);
    assert.match(error.message, message);
    assert.match(error.message, /^my\.keras/);
  }
});

test('asks for the sizes that a file leaves open', async () => {
  const config = model('Dense', { units: 1 }, [null, null, 2]);
  const bytes = archiveOf(config, await vars('dense'));
  const error = await rejection(keras.decode(bytes));
  assert.instance(error, ArgumentError);
  assert.match(error.message, /\[any,2\]. Give its sizes/);
  const found = await keras.decode(bytes, { inputShape: [4, 2] });
  assert.equal(found.forward(zeros([1, 4, 2])).shape, [1, 4, 1]);
});

test('load reads a file, and names one that it cannot', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'model.keras');
    const error = await rejection(keras.load(file));
    assert.instance(error, CheckpointError);
    assert.match(error.message, /model\.keras cannot be read/);
    await writeFile(file, archiveOf(model('Dense', { units: 1 }), await vars('dense')));
    assert.is((await keras.load(file)).parameterCount, 3);
  }));

test.run();
