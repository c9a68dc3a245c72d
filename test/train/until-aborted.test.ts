import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  callbacks,
  crossEntropy,
  DataError,
  data,
  fit,
  type nn,
  optim,
  predict,
} from '../../src/index.ts';
import { withFolder } from '../data/tiny-images.ts';
import { perceptron, points } from './small-training.ts';

const test = suite('fit: waiting for data');

const settings = (model: nn.Layer) => ({
  loss: crossEntropy,
  optimizer: optim.sgd(model.trainableVariables, { lr: 0.2 }),
});

/** A signal that counts who listens. */
function countedSignal() {
  const abort = new AbortController();
  const listeners = new Set<() => void>();
  const { signal } = abort;
  const counted = {
    get aborted() {
      return signal.aborted;
    },
    get reason(): unknown {
      return signal.reason;
    },
    throwIfAborted: () => signal.throwIfAborted(),
    addEventListener(type: 'abort', listener: () => void) {
      listeners.add(listener);
      signal.addEventListener(type, listener);
    },
    removeEventListener(type: 'abort', listener: () => void) {
      listeners.delete(listener);
      signal.removeEventListener(type, listener);
    },
  };
  return { abort, signal: counted, listeners };
}

/** Points of which those behind the first so many batches never come. */
function stuckAfter(batches: number, onStuck: () => void): data.Dataset {
  const all = points(32);
  let asked = 0;
  return new data.Dataset({
    count: 32,
    get(indices, context) {
      if (asked++ < batches) return all.get(indices, context);
      onStuck();
      return new Promise(() => {});
    },
  });
}

for (const [where, batches] of [
  ['the first batch', 0],
  ['a later batch', 5],
  ['the next epoch', 8],
] as const) {
  test(`a signal ends a training that waits for ${where}, with a checkpoint`, () =>
    withFolder(async (folder) => {
      const { abort, signal, listeners } = countedSignal();
      const file = join(folder, 'checkpoint.safetensors');
      const model = perceptron();
      const stuck = stuckAfter(batches, () => setTimeout(() => abort.abort(), 20));
      const { ending, epochs } = await fit(model, stuck, {
        ...settings(model),
        epochs: 3,
        batchSize: 4,
        signal,
        callbacks: [callbacks.checkpoint(file)],
      });
      assert.equal(ending, { kind: 'interrupted' });
      assert.is(epochs.length, Math.floor(batches / 8));
      assert.is(listeners.size, 0);
      assert.ok(existsSync(file));
      assert.is((await predict(model, points(4))).length, 12, 'the model is of use still');
    }));
}

test('a signal ends a training that waits for data to validate with', async () => {
  const { abort, signal, listeners } = countedSignal();
  const model = perceptron();
  const { ending, epochs } = await fit(model, points(8), {
    ...settings(model),
    validation: stuckAfter(0, () => setTimeout(() => abort.abort(), 20)),
    signal,
  });
  assert.equal(ending, { kind: 'interrupted' });
  assert.equal(epochs, []);
  assert.is(listeners.size, 0);
});

test('a training that ends by itself leaves no listener on its signal', async () => {
  const { signal, listeners } = countedSignal();
  const model = perceptron();
  await fit(model, points(8), { ...settings(model), epochs: 2, validation: points(4), signal });
  assert.is(listeners.size, 0);
});

test('a source that gives more or fewer examples than it was asked for is an error', async () => {
  for (const given of [3, 5]) {
    const all = points(32);
    const odd = new data.Dataset({ count: 8, get: () => all.get(new Int32Array(given)) });
    const model = perceptron();
    const error = await fit(model, odd, { ...settings(model), batchSize: 4 }).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.instance(error, DataError);
    assert.match(error.message, `batch 0 was to have 4 of the data set's 8 examples`);
    assert.match(error.message, `${given} inputs, ${given} targets`);
  }
});

test.run();
