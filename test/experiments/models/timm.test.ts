// The import of PyTorch's ResNet-50: a whole file with its names and layout, and what the network
// then computes, held against PyTorch's definition in doubles.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backbone, resnet50 } from '../../../experiments/models/cifar10/resnet50.ts';
import { simcnn } from '../../../experiments/models/cifar10/simcnn.ts';
import { importTimm } from '../../../experiments/models/cifar10/timm.ts';
import { timmName } from '../../../experiments/models/cifar10/timm-names.ts';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  CheckpointError,
  type nn,
  ones,
  tensor,
} from '../../../src/index.ts';
import { rejection } from '../../data/tiny-images.ts';
import { type StateDict, timmStateDict, writeStateDict } from './timm-file.ts';
import { build, type Image, torchBackbone, torchBottleneck } from './torch-resnet50.ts';

const test = suite("the import of timm's weights");

const IMAGE = [32, 32, 3] as const;
const dict = timmStateDict();
const stem = join(tmpdir(), `wgrad-timm-${process.pid}`);
const file = `${stem}.safetensors`;
let model: nn.Layer;
let headBefore: Float32Array;

test.before(async () => {
  await writeStateDict(file, dict);
  model = resnet50({ convention: 'pytorch' }).build(IMAGE);
  // Biases that a file without them must put out.
  for (const [name, variable] of model.namedVariables()) {
    if (timmBias(name)) variable.assign(ones(variable.shape) as AnyTensor);
  }
  headBefore = await valuesOf('layers.2.weight');
  await importTimm(model, file);
});
test.after(() => rm(file, { force: true }));

/** Whether it is the bias of one of the backbone's convolutions. */
function timmBias(name: string): boolean {
  return name.startsWith('layers.0.') && timmName(name.slice('layers.0.'.length)) === undefined;
}

async function valuesOf(name: string): Promise<Float32Array> {
  const variable = model.namedVariables().get(name) as AnyVariable;
  return variable.value.data() as Promise<Float32Array>;
}

const theirs = (name: string) => dict.get(name) as { shape: number[]; values: Float32Array };

test('the file is what torchvision publishes: 320 entries, 25,557,032 parameters', () => {
  assert.is(dict.size, 320);
  const parameters = [...dict].filter(([name]) => !/running|tracked/.test(name));
  assert.is(
    parameters.reduce((sum, [, { values }]) => sum + values.length, 0),
    25_557_032,
  );
});

test('each of their weights belongs to one of ours', () => {
  const names = [...backbone({ convention: 'pytorch' }).build(IMAGE).namedVariables().keys()];
  const asked = names.map(timmName).filter((name) => name !== undefined);
  const wanted = [...dict.keys()].filter((name) => !/^fc|tracked$/.test(name));
  assert.equal(asked.sort(), wanted.sort());
  const absent = names.filter((name) => timmName(name) === undefined);
  assert.is(absent.length, 53);
  assert.ok(absent.every((name) => name.endsWith('.bias')));
});

const filters = {
  '1': 'conv1',
  '6.layers.0.main.layers.0': 'layer1.0.conv1',
  '6.layers.0.shortcut.layers.0': 'layer1.0.downsample.0',
  '9.layers.0.main.layers.3.layers.1': 'layer2.0.conv2',
  '9.layers.0.shortcut.layers.0': 'layer2.0.downsample.0',
  '15.layers.0.main.layers.6': 'layer3.2.conv3',
  '21.layers.0.main.layers.3.layers.1': 'layer4.2.conv2',
};
for (const [ours, name] of Object.entries(filters)) {
  test(`${name}: [out, in, height, width] becomes [height, width, in, out]`, async () => {
    const { shape, values } = theirs(`${name}.weight`);
    const [outputs, inputs, height, width] = shape as [number, number, number, number];
    const own = await valuesOf(`layers.0.layers.${ours}.weight`);
    assert.is(own.length, values.length);
    let wrong = 0;
    for (let o = 0, at = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++, at++) {
            if (own[((y * width + x) * inputs + i) * outputs + o] !== values[at]) wrong++;
          }
        }
      }
    }
    assert.is(wrong, 0);
    const bias = await valuesOf(`layers.0.layers.${ours}.bias`);
    assert.ok(bias.every((value) => value === 0));
  });
}

const norms = {
  '2': 'bn1',
  '6.layers.0.main.layers.1': 'layer1.0.bn1',
  '9.layers.0.shortcut.layers.1': 'layer2.0.downsample.1',
  '14.layers.0.main.layers.4': 'layer3.1.bn2',
  '21.layers.0.main.layers.7': 'layer4.2.bn3',
};
test('batch norms are taken as they are', async () => {
  for (const [ours, name] of Object.entries(norms)) {
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
      const own = await valuesOf(`layers.0.layers.${ours}.${part}`);
      assert.equal(own, theirs(`${name}.${part}`).values, `${name}.${part}`);
    }
  }
});

test('what comes behind the backbone keeps its weights', async () => {
  assert.equal(await valuesOf('layers.2.weight'), headBefore);
});

/** Like pixels, of either sign. */
const picture = (channels: number, height: number, width: number) =>
  build(channels, height, width, (c, y, x) => Math.fround(Math.sin(c * 12.9 + y * 7.3 + x * 3.1)));

/** Holds what a layer makes of an image against PyTorch's result, relative to its largest value. */
async function agrees(layer: nn.Layer, { channels, height, width, data }: Image, wanted: Image) {
  const pixels = new Float32Array(data.length);
  data.forEach((value, at) => {
    const [c, place] = [Math.floor(at / (height * width)), at % (height * width)];
    pixels[place * channels + c] = value;
  });
  const output = layer.forward(tensor(pixels, [1, height, width, channels]) as AnyTensor);
  assert.equal(output.shape, [1, wanted.height, wanted.width, wanted.channels]);
  const own = await output.data();
  const size = wanted.height * wanted.width;
  const largest = wanted.data.reduce((most, value) => Math.max(most, value), 0);
  assert.ok(largest > 0.1);
  wanted.data.forEach((value, at) => {
    const found = own[(at % size) * wanted.channels + Math.floor(at / size)]!;
    const error = Math.abs(found - value) / largest;
    // Another epsilon (Keras' 1.001e-5) would be 2e-4 off behind each batch norm.
    assert.ok(error < 5e-5, `${at}: ${found}, not ${value}`);
  });
}

test('a bottleneck that halves the image computes what PyTorch does', async () => {
  const block = model.namedLayers().get('layers.0.layers.9') as nn.Layer; // layer2.0
  for (const [height, width] of [
    [6, 8],
    [5, 7],
  ] as const) {
    const image = picture(256, height, width);
    await agrees(block, image, torchBottleneck(dict, 'layer2.0', image, 2));
  }
});

test('the whole backbone computes what PyTorch does', async () => {
  const image = picture(3, 32, 32);
  await agrees(model.namedLayers().get('layers.0') as nn.Layer, image, torchBackbone(dict, image));
});

/** What importing another state dict into a model is refused with. */
async function refusal(other: StateDict, into: nn.Layer): Promise<Error> {
  const name = `${stem}-other.safetensors`;
  try {
    await writeStateDict(name, other);
    return await rejection(importTimm(into, name));
  } finally {
    await rm(name);
  }
}

test('a file that does not fit is refused by names, and changes nothing', async () => {
  const before = await valuesOf('layers.0.layers.2.weight');
  const other = new Map(dict);
  other.delete('layer3.5.bn2.running_var');
  other.set('layer5.0.conv1.weight', { shape: [1], values: Float32Array.of(0) });
  const { values } = theirs('conv1.weight');
  other.set('conv1.weight', { shape: [7, 7, 3, 64], values }); // as ours, the mistake to expect
  other.set('bn1.weight', { shape: [64], values: new Float32Array(64) });
  const error = await refusal(other, model);
  assert.instance(error, CheckpointError);
  assert.match(error.message, `${stem}-other.safetensors`);
  assert.match(error.message, 'missing: layer3.5.bn2.running_var\n');
  assert.match(error.message, 'unexpected: layer5.0.conv1.weight\n');
  assert.match(error.message, 'conv1.weight is f32[7,7,3,64], not f32[64,3,7,7]');
  assert.equal(await valuesOf('layers.0.layers.2.weight'), before);
});

test('a file without anything of a ResNet-50 is refused', async () => {
  const error = await refusal(new Map([['fc.bias', theirs('fc.bias')]]), model);
  assert.instance(error, CheckpointError);
  assert.match(error.message, 'missing: conv1.weight, bn1.weight,');
});

test("models that compute something else, Keras' ResNet-50 among them, are refused", async () => {
  for (const other of [resnet50(), simcnn()]) {
    const error = await refusal(new Map(), other.build(IMAGE));
    assert.instance(error, ArgumentError);
    assert.match(error.message, "Build resnet50({ convention: 'pytorch' })");
  }
});

test.run();
