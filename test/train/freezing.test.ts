import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CheckpointError,
  callbacks,
  type FitOptions,
  fit,
  io,
  type nn,
  optim,
  realize,
} from '../../src/index.ts';
import { tensorBoard } from '../../src/node.ts';
import { withFolder } from '../data/tiny-images.ts';
import { rejects } from '../tensor/refusal.ts';
import { bitsOf, convolutional, images, momentBitsOf } from './small-training.ts';

const test = suite('fit and frozen layers');

const STEPS = 4;

/** Convolution, batch norm and dropout, apart from the head. */
const baseOf = (model: nn.AnyLayer): nn.AnyLayer[] =>
  [...model.namedLayers()].flatMap(([path, layer]) => (/s\.[012]$/.test(path) ? [layer] : []));

const setBase = (model: nn.AnyLayer, trainable: boolean) => {
  for (const layer of baseOf(model)) layer.trainable = trainable;
};

/** Freezes the base in the steps from `from` on, and trains it again from `to` on. */
const frozenBetween = (from: number, to: number): callbacks.Callback => {
  const set = ({ model, totalSteps }: { model: nn.AnyLayer; totalSteps: number }) =>
    setBase(model, totalSteps < from || totalSteps >= to);
  return { name: 'frozen', onTrainBegin: set, onStepEnd: set };
};

async function train(options: Partial<FitOptions> = {}, model = convolutional()) {
  const optimizer = optim.adam(model.variables, { lr: 0.05, weightDecay: 0.01 });
  await fit(model, images(22), {
    loss: 'crossEntropy',
    optimizer,
    epochs: 3,
    batchSize: 6,
    seed: 8,
    ...options,
  });
  return {
    weights: await bitsOf(model),
    moments: await momentBitsOf(optimizer),
    missed: optimizer.moments().map(({ missed }) => missed),
    steps: optimizer.steps,
  };
}

const ofBase = (weights: Record<string, number[]>) =>
  Object.entries(weights).filter(([name]) => /^layers\.[01]\./.test(name));

for (const precision of ['f32', 'f16'] as const) {
  test(`${precision}: a frozen base is what it was, statistics included, and the head trains`, async () => {
    const model = convolutional();
    const before = await bitsOf(model);
    setBase(model, false);
    const { weights } = await train({ precision }, model);
    assert.equal(ofBase(weights), ofBase(before));
    assert.is(ofBase(weights).length, 6);
    assert.is.not(`${weights['layers.4.weight']}`, `${before['layers.4.weight']}`);
  });

  test(`${precision}: what a callback sets between two steps counts, compiled or not`, async () => {
    const list = { precision, callbacks: [frozenBetween(3, 7)] };
    const compiled = await train(list);
    assert.equal(await train({ ...list, compile: false }), compiled);
    assert.equal([...new Set(compiled.missed)], [4, 0]);
    assert.not.equal((await train({ precision })).weights, compiled.weights);
  });
}

test('resumed after any step: the same bits, moments and counts', async () => {
  const whole = await train({ callbacks: [frozenBetween(3, 7)] });
  for (let step = 1; step < 3 * STEPS; step += 2) {
    await withFolder(async (folder) => {
      const file = join(folder, 'last.safetensors');
      const abort = new AbortController();
      const stop: callbacks.Callback = {
        name: 'stop',
        onStepEnd: ({ totalSteps }) => {
          if (totalSteps === step) abort.abort();
        },
      };
      const list = () => [frozenBetween(3, 7), callbacks.checkpoint(file)];
      await train({ callbacks: [...list(), stop], signal: abort.signal });
      assert.equal(await train({ callbacks: list(), resume: file }), whole, `step ${step}`);
    });
  }
});

test('a checkpoint has all weights, frozen or not; counts that make no sense are damage', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'last.safetensors');
    const model = convolutional();
    setBase(model, false);
    const { weights } = await train({ callbacks: [callbacks.checkpoint(file)] }, model);
    const other = convolutional();
    await io.loadWeights(file, other, { strict: false });
    assert.equal(await bitsOf(other), weights);
    const { tensors, metadata } = await io.readSafetensors(file);
    const training = JSON.parse(metadata.training!);
    assert.equal(training.missed, {
      'layers.0.weight': 12,
      'layers.0.bias': 12,
      'layers.1.weight': 12,
      'layers.1.bias': 12,
    });
    const damaged = { ...training, missed: { 'layers.0.weight': -1 } };
    await io.writeSafetensors(file, tensors, {
      ...metadata,
      training: JSON.stringify(damaged),
    });
    await rejects(() => train({ resume: file }), CheckpointError, /missed/);
    // Files of before say nothing of it.
    const { missed, ...older } = training;
    await io.writeSafetensors(file, tensors, { ...metadata, training: JSON.stringify(older) });
    assert.equal([...new Set((await train({ resume: file })).missed)], [0]);
  }));

test('callbacks: averages leave the base alone, gradients and histograms are of what is trained', () =>
  withFolder(async (folder) => {
    const model = convolutional();
    const before = await bitsOf(model);
    setBase(model, false);
    const inspect = callbacks.inspect();
    const seen = new Set<string>();
    const watch: callbacks.Callback = {
      name: 'watch',
      wantsGradients: () => true,
      async onStepEnd(_, gradients) {
        await realize(...gradients!.values());
        for (const name of gradients!.keys()) seen.add(name);
      },
    };
    const list = [callbacks.ema({ decay: 0.9 }), inspect, watch, tensorBoard(folder)];
    const { weights } = await train({ callbacks: list, validation: images(9) }, model);
    assert.equal(ofBase(weights), ofBase(before));
    const head = ['layers.4.weight', 'layers.4.bias'];
    assert.equal([...seen], head);
    assert.equal(Object.keys(inspect.recorded.weights), head);
    assert.equal(Object.keys(inspect.recorded.gradientNorms[0]!.norms), head);
  }));

test.run();
