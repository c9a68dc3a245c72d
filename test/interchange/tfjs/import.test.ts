import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, CheckpointError } from '../../../src/errors.ts';
import * as tfjs from '../../../src/interchange/tfjs/index.ts';
import { sgd } from '../../../src/optim/index.ts';
import '../../../src/tensor/methods.ts';
import { tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import type { Tensors } from '../../../src/tensor/structure.ts';
import { rejection, withFolder } from '../../data/tiny-images.ts';
import { models } from './models.ts';
import { assertSameOutputs, randomize, sizesOf } from './same-outputs.ts';
import { filesOf, tensorFlow } from './tensorflow.ts';

const test = suite('TensorFlow.js import');
const { layers } = await tensorFlow();

for (const [name, make] of Object.entries(models)) {
  test(`computes what it does there: ${name}`, async () => {
    const theirs = make(layers);
    randomize(theirs);
    const { json, read } = await filesOf(theirs);
    const ours = await tfjs.decode<Tensors, Tensors>(json, read, sizesOf(theirs));
    await assertSameOutputs(ours, theirs);
  });
}

/** A model of one dense layer [2] → [1], whose weights lie in one file as `weights` say. */
function tiny(config: object, weights: object[], className = 'Dense') {
  const layer = {
    class_name: className,
    config: { name: 'mine', batch_input_shape: [null, 2], ...config },
  };
  const modelTopology = { class_name: 'Sequential', config: { name: 'all', layers: [layer] } };
  return JSON.stringify({ modelTopology, weightsManifest: [{ paths: ['shard'], weights }] });
}

const spec = (name: string, shape: number[], quantization?: object) => ({
  ...{ name: `mine/${name}`, shape, dtype: 'float32' },
  ...(quantization ? { quantization } : {}),
});

test('reads weights stored as uint8, uint16 and float16', async () => {
  const scaled = { min: -1, scale: 0.5 };
  const [eight, sixteen, half] = [
    { dtype: 'uint8', ...scaled },
    { dtype: 'uint16', ...scaled },
    { dtype: 'float16' },
  ];
  const bytes = {
    uint8: Uint8Array.of(1, 4),
    uint16: new Uint8Array(Uint16Array.of(1, 4).buffer),
    float16: new Uint8Array(Uint16Array.of(0xb800, 0x3c00).buffer), // −0.5 and 1
  };
  for (const stored of [eight, sixteen, half]) {
    const json = tiny({ units: 1 }, [spec('kernel', [2, 1], stored), spec('bias', [1])]);
    const kernel = bytes[stored.dtype as keyof typeof bytes];
    const bias = new Uint8Array(Float32Array.of(0.25).buffer);
    const model = await tfjs.decode(json, async () => Uint8Array.of(...kernel, ...bias));
    assert.equal(
      [...(await model.forward(tensor([[1, 2]])).data())],
      [-0.5 + 2 + 0.25],
      stored.dtype,
    );
  }
});

test('trains what it has read', async () => {
  const json = tiny({ units: 1 }, [spec('kernel', [2, 1]), spec('bias', [1])]);
  const bytes = new Uint8Array(Float32Array.of(2, -1, 0.5).buffer);
  const model = await tfjs.decode(json, async () => bytes);
  const loss = () =>
    model
      .forward(tensor([[1, 2]]))
      .square()
      .sum();
  const before = await loss().item();
  await sgd(model.trainableVariables, { lr: 0.01 }).step(loss());
  assert.ok((await loss().item()) < before);
});

test('refuses what it does not read by the name of the layer', async () => {
  const files: Record<string, string> = {
    "'mine' \\(ConvLSTM2D\\) is of a class": tiny({}, [], 'ConvLSTM2D'),
    "'mine' \\(Conv2D\\) has the data_format 'channels_first'": tiny(
      { data_format: 'channels_first' },
      [],
      'Conv2D',
    ),
    "'both' \\(Bidirectional\\) gives the outputs of all steps under a mask": JSON.stringify({
      modelTopology: {
        class_name: 'Sequential',
        config: {
          name: 'all',
          layers: [
            { class_name: 'Masking', config: { name: 'mask', batch_input_shape: [null, 3, 2] } },
            {
              class_name: 'Bidirectional',
              config: {
                name: 'both',
                layer: {
                  class_name: 'LSTM',
                  config: { units: 1, return_sequences: true },
                },
              },
            },
          ],
        },
      },
    }),
    "'mine' \\(Dense\\) has the units undefined": tiny({}, []),
    "'mine' \\(Dense\\) has the activation 'cube'": tiny({ units: 1, activation: 'cube' }, []),
    "'mine' \\(BatchNormalization\\) normalises along axes \\[1\\]": tiny(
      { axis: 1, batch_input_shape: [null, 2, 2] },
      [],
      'BatchNormalization',
    ),
    "'mine' \\(Dense\\) has no weight 'kernel'": tiny({ units: 1 }, [spec('other', [2, 1])]),
    "'kernel' \\[1,2\\], and \\[2,1\\]": tiny({ units: 1 }, [spec('kernel', [1, 2])]),
    "'mine' \\(LSTM\\) has the recurrent_activation 'cube'": tiny(
      { units: 1, recurrent_activation: 'cube' },
      [],
      'LSTM',
    ),
    "'mine' \\(TimeDistributed\\) applies a Sequential": tiny(
      { layer: { class_name: 'Sequential', config: {} } },
      [],
      'TimeDistributed',
    ),
    'have 8 bytes, which are not those': tiny({ units: 1 }, [spec('kernel', [3, 1])]),
    'is a graph model': JSON.stringify({ format: 'graph-model', modelTopology: { node: [] } }),
    'model.json is no JSON': 'PK',
  };
  for (const [message, json] of Object.entries(files)) {
    const error = await rejection(tfjs.decode(json, async () => new Uint8Array(8)));
    assert.instance(error, CheckpointError);
    assert.match(error.message, new RegExp(message));
  }
});

test('asks for the sizes that a file leaves open', async () => {
  const json = tiny({ units: 1, batch_input_shape: [null, null, 2] }, [
    spec('kernel', [2, 1]),
    spec('bias', [1]),
  ]);
  const read = async () => new Uint8Array(12);
  const error = await rejection(tfjs.decode(json, read));
  assert.instance(error, ArgumentError);
  assert.match(error.message, /'mine' of The TensorFlow.js model is \[any,2\]. Give its sizes/);
  const wrong = await rejection(tfjs.decode(json, read, { inputShape: [4, 3] }));
  assert.match(wrong.message, /which \[4,3\] does not fit/);
  const model = await tfjs.decode(json, read, { inputShape: [4, 2] });
  assert.equal(model.forward(zeros([1, 4, 2])).shape, [1, 4, 1]);
});

test('load reads a file, or the folder it is in, and names what it cannot read', () =>
  withFolder(async (folder) => {
    const json = tiny({ units: 1 }, [spec('kernel', [2, 1]), spec('bias', [1])]);
    await writeFile(join(folder, 'model.json'), json);
    const error = await rejection(tfjs.load(folder));
    assert.instance(error, CheckpointError);
    assert.match(error.message, /shard cannot be read/);
    await writeFile(join(folder, 'shard'), new Uint8Array(12));
    for (const path of [folder, join(folder, 'model.json')]) {
      assert.equal((await tfjs.load(path)).parameterCount, 3);
    }
  }));

test.run();
