// The models of the reports, except ResNet-50: their parameters as Keras counts them, their layers,
// and that a training step reaches every weight.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simcnn } from '../../../experiments/models/cifar10/simcnn.ts';
import { cnn } from '../../../experiments/models/fashion/cnn.ts';
import { dense as fashionDense } from '../../../experiments/models/fashion/dense.ts';
import { inception } from '../../../experiments/models/fashion/inception.ts';
import { resnet as fashionResnet } from '../../../experiments/models/fashion/resnet.ts';
import { dnn } from '../../../experiments/models/mnist-lr/dnn.ts';
import { resnet } from '../../../experiments/models/mnist-lr/resnet.ts';
import { tiny } from '../../../experiments/models/tiny/tiny.ts';
import {
  type AnyTensor,
  crossEntropy,
  grad,
  type nn,
  random,
  realize,
  tensor,
} from '../../../src/index.ts';
import { bottleneck, convolution, dense, norm } from './keras-count.ts';
import { callsOf, kindsOf } from './layer-calls.ts';

const test = suite("the reports' models");

interface Expected {
  readonly build: () => nn.Layer;
  readonly image?: readonly [number, number, number];
  readonly classes?: number;
  /** As published, or where nothing is, the sum of `layers`. */
  readonly parameters: number;
  /** By hand, layer by layer. */
  readonly layers: readonly number[];
  readonly kinds: Record<string, number>;
}

const fashionHead = [dense(7 * 7 * 128, 1024), dense(1024, 32), dense(32, 10)];

const models: Record<string, Expected> = {
  'mnist-lr/dnn': {
    build: dnn,
    parameters: 109_386,
    layers: [dense(784, 128), dense(128, 64), dense(64, 10)],
    kinds: { flatten: 1, dense: 3 },
  },
  'mnist-lr/resnet': {
    build: resnet,
    parameters: 820_106,
    layers: [
      convolution(3, 1, 64),
      norm(64),
      bottleneck(64, [64, 64, 256], { shortcut: true }),
      bottleneck(256, [64, 64, 256], { shortcut: false }),
      bottleneck(256, [128, 128, 512], { shortcut: true }),
      bottleneck(512, [128, 128, 512], { shortcut: false }),
      dense(512, 10),
    ],
    kinds: {
      conv2d: 1 + 4 * 3 + 2,
      batchNorm: 1 + 4 * 3 + 2,
      relu: 1 + 4 * 3,
      maxPool2d: 1,
      residual: 4,
      globalAveragePool2d: 1,
      dense: 1,
    },
  },
  'fashion/cnn': {
    build: cnn,
    parameters: 6_484_330,
    layers: [
      convolution(5, 1, 32),
      convolution(3, 32, 64),
      convolution(1, 64, 128),
      ...fashionHead,
    ],
    kinds: { conv2d: 3, maxPool2d: 2, dropout: 2, flatten: 1, dense: 3 },
  },
  'fashion/dense': {
    build: fashionDense,
    parameters: 1_398_762,
    layers: [dense(784, 1024), dense(1024, 512), dense(512, 128), dense(128, 32), dense(32, 10)],
    kinds: { flatten: 1, dense: 5 },
  },
  'fashion/dense with 5 classes': {
    build: () => fashionDense('relu', 5),
    classes: 5,
    parameters: 1_398_597,
    layers: [dense(784, 1024), dense(1024, 512), dense(512, 128), dense(128, 32), dense(32, 5)],
    kinds: { flatten: 1, dense: 5 },
  },
  'fashion/resnet': {
    build: fashionResnet,
    parameters: 6_761_322,
    layers: [
      convolution(5, 1, 32),
      ...[convolution(3, 32, 64), convolution(3, 64, 64), convolution(1, 32, 64)],
      ...[convolution(3, 64, 128), convolution(3, 128, 128), convolution(1, 64, 128)],
      convolution(1, 128, 128),
      ...fashionHead,
    ],
    kinds: { conv2d: 8, residual: 2, relu: 2, maxPool2d: 2, dropout: 2, flatten: 1, dense: 3 },
  },
  'fashion/inception': {
    build: inception,
    parameters: 324_458,
    layers: [
      ...[convolution(3, 1, 32), convolution(3, 32, 96), convolution(1, 96, 64)],
      ...[convolution(1, 96, 96), convolution(3, 96, 128)],
      ...[convolution(1, 96, 48), convolution(5, 48, 128), convolution(1, 96, 80)],
      dense(64 + 128 + 128 + 80, 10),
    ],
    kinds: { conv2d: 8, maxPool2d: 3, concat: 1, globalAveragePool2d: 1, dense: 1 },
  },
  'tiny/tiny': {
    build: tiny,
    parameters: 6_722,
    layers: [
      ...[convolution(3, 1, 8), convolution(3, 8, 8)],
      ...[convolution(3, 8, 16), convolution(3, 16, 16)],
      dense(4 * 4 * 16, 10),
    ],
    kinds: { conv2d: 4, maxPool2d: 2, flatten: 1, dropout: 1, dense: 1 },
  },
  'cifar10/simcnn': {
    build: simcnn,
    image: [32, 32, 3],
    parameters: 122_570,
    layers: [
      ...[convolution(3, 3, 32), convolution(3, 32, 64), convolution(3, 64, 64)],
      ...[dense(4 * 4 * 64, 64), dense(64, 10)],
    ],
    kinds: { conv2d: 3, maxPool2d: 2, flatten: 1, dense: 2 },
  },
};

for (const [name, expected] of Object.entries(models)) {
  const { build, image = [28, 28, 1], classes = 10, parameters, layers, kinds } = expected;

  test(`${name} has ${parameters.toLocaleString('en-US')} parameters in the layers it should`, () => {
    const model = build();
    const calls = callsOf(model, image);
    assert.is(
      layers.reduce((a, b) => a + b),
      parameters,
      'by hand',
    );
    assert.is(model.parameterCount, parameters);
    assert.equal(kindsOf(calls), kinds);
    assert.is(calls[0]?.to, String(classes));
  });

  test(`a training step of ${name} reaches every weight`, async () => {
    random.seed(1);
    const model = build().build(image);
    const gradients = await firstGradients(model, image);
    const cancelled = biasesBeforeNorms(model, image);
    assert.is(gradients.size, model.trainableVariables.length);
    for (const [path, values] of gradients) {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      assert.ok(values.every(Number.isFinite), path);
      // The norm takes out what the bias adds: rounding errors are left.
      if (cancelled.has(path)) assert.ok(largest < 1e-4, `${path}: ${largest}`);
      else assert.ok(largest > 1e-7, `${path}: ${largest}`);
    }
  });
}

/** The gradients of the loss of two random images, by the paths of the variables. */
async function firstGradients(model: nn.Layer, image: readonly number[]) {
  const outputs = model.forward(random.uniform([2, ...image]), { training: true });
  const loss = crossEntropy(outputs, tensor(Int32Array.of(0, 1), [2]));
  const trained = [...model.namedVariables()].filter(([, { trainable }]) => trainable);
  const variables = trained.map(([, variable]) => variable);
  const gradients = grad(loss, variables);
  await realize(loss, ...gradients);
  assert.ok(Number.isFinite(await loss.item()));
  const values = await Promise.all(gradients.map((gradient) => gradient.data()));
  return new Map(trained.map(([path], i) => [path, values[i] as Float32Array]));
}

function biasesBeforeNorms(model: nn.Layer, image: readonly number[]): Set<string> {
  const calls = callsOf(model, image);
  const before = calls.filter((_, i) => calls[i + 1]?.layer.type === 'batchNorm');
  return new Set(before.map(({ path }) => `${path}.bias`));
}

test('the blocks of mnist-lr/resnet have the shapes of its description', () => {
  const shapes = (calls: ReturnType<typeof callsOf>) =>
    calls.filter(({ path }) => /^layers\.\d+$/.test(path)).map(({ layer, to }) => [layer.type, to]);
  assert.equal(shapes(callsOf(resnet(), [28, 28, 1])), [
    ['conv2d', '28×28×64'],
    ['batchNorm', '28×28×64'],
    ['relu', '28×28×64'],
    ['maxPool2d', '13×13×64'],
    ...['residual', 'relu', 'residual', 'relu'].map((type) => [type, '13×13×256']),
    ...['residual', 'relu', 'residual', 'relu'].map((type) => [type, '7×7×512']),
    ['globalAveragePool2d', '512'],
    ['dense', '10'],
  ]);
  const narrow = resnet({ widths: [2, 3, 5], stages: 3, stem: 4 });
  const ofNarrow = callsOf(narrow, [28, 28, 1]);
  assert.is(shapes(ofNarrow)[0]?.[1], '28×28×4');
  const residuals = shapes(ofNarrow).filter(([type]) => type === 'residual');
  const third = ['4×4×15', '4×4×15'];
  assert.equal(
    residuals.map(([, to]) => to),
    ['13×13×5', '13×13×5', '7×7×10', '7×7×10', ...third],
  );
  // A stage halves its images in the first convolution, the 1×1 one.
  const ofStage = ofNarrow.filter(
    ({ path, layer }) => path.startsWith('layers.8.') && layer.type === 'conv2d',
  );
  assert.equal(
    ofStage.map(({ path, from, to }) => `${path.slice(9)}: ${from} to ${to}`),
    [
      'shortcut.layers.0: 13×13×5 to 7×7×10',
      'main.layers.0: 13×13×5 to 7×7×4',
      'main.layers.3: 7×7×4 to 7×7×6',
      'main.layers.6: 7×7×6 to 7×7×10',
    ],
  );
});

test('the branches of the inception see what comes before them', () => {
  const calls = callsOf(inception(), [28, 28, 1]);
  const block = calls.find(({ layer }) => layer.type === 'concat');
  assert.equal([block?.from, block?.to], ['7×7×96', '7×7×400']);
});

test('the activation of the Fashion-MNIST models is the one asked for', async () => {
  for (const build of [cnn, fashionDense, fashionResnet, inception]) {
    const seen: string[] = [];
    const spy = (x: AnyTensor) => {
      seen.push(x.shape.slice(1).join('×'));
      return x.tanh();
    };
    const model = build(spy).build([28, 28, 1]);
    const weighted = callsOf(model, [28, 28, 1]).filter(({ layer }) => layer.ownVariables.length);
    // All layers but the last one; a residual's last convolution and its shortcut's share one.
    const shared = build === fashionResnet ? 2 : 0;
    assert.is(seen.length / 2, weighted.length - 1 - shared, build.name);
  }
});

test.run();
