import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sizeOf } from './array.ts';
import { scattered } from './check-gradient.ts';
import {
  type Batch,
  gradientsReference,
  logitsReference,
  type ModelName,
  trainReference,
  weightShapes,
} from './models.ts';
import { mean } from './reductions.ts';
import { crossEntropy } from './softmax.ts';

const test = suite('reference: models');

const parameters: Record<ModelName, number> = { dnn: 15866, convnet: 93322, resnet: 348362 };
const names = Object.keys(parameters) as ModelName[];

/** Uniform in ±√(6 / fan-in), biases too so that no gradient is special. */
const initial = (model: ModelName): Float64Array[] =>
  weightShapes(model).map((shape, at) => {
    const bound = shape.length === 1 ? 0.1 : Math.sqrt(6 / sizeOf(shape.slice(0, -1)));
    return scattered(shape, at + 1).map((x) => bound * x).data;
  });

const batchOf = (size: number, seed = 7): Batch => ({
  images: scattered([size, 784], seed).map((x) => Math.max(x, 0)).data,
  labels: Array.from({ length: size }, (_, item) => (item * 3 + seed) % 10),
});

for (const model of names) {
  test(`${model} has the parameters of its description`, () => {
    const count = weightShapes(model).reduce((sum, shape) => sum + sizeOf(shape), 0);
    assert.is(count, parameters[model]);
    assert.equal(logitsReference(model, initial(model), batchOf(2).images).shape, [2, 10]);
  });

  test(`${model}: the gradient of some of each weight's elements`, () => {
    const weights = initial(model);
    const batch = batchOf(2);
    const { gradients } = gradientsReference(model, weights, batch);
    for (const [which, weight] of weights.entries()) {
      for (const part of [0.37, 0.999]) {
        const at = Math.floor(part * weight.length);
        const expected = slope(model, weights, batch, which, at);
        const actual = gradients[which]![at]!;
        const error = Math.abs(actual - expected);
        assert.ok(error < 1e-7, `weight ${which}[${at}]: ${actual}, not ${expected}`);
      }
      assert.ok(
        gradients[which]!.some((g) => Math.abs(g) > 1e-4),
        `weight ${which} has none`,
      );
    }
  });

  test(`${model} learns a batch, and the same again from a record of weights`, () => {
    const list = initial(model);
    const before = list.map((values) => [...values.slice(0, 3)]);
    const batches = [batchOf(2), batchOf(2), batchOf(2)];
    const training = { optimizer: 'adam', lr: 1e-4 } as const;
    const { losses, weights } = trainReference(model, list, batches, training);
    assert.ok(losses[2]! < losses[0]!, `losses ${losses}`);
    assert.equal(
      list.map((values) => [...values.slice(0, 3)]),
      before,
    );
    const record = Object.fromEntries(list.map((values, at) => [`w${at}`, values]));
    const again = trainReference(model, record, batches.slice(0, 1), training);
    assert.is(again.losses[0], losses[0]);
    assert.equal(Object.keys(again.weights), Object.keys(record));
    assert.not.equal(weights[0], again.weights.w0);
  });
}

test('wrong weights are refused', () => {
  assert.throws(() => logitsReference('dnn', [], batchOf(1).images), /8 weights, not 0/);
  const weights = initial('dnn').reverse();
  assert.throws(() => logitsReference('dnn', weights, batchOf(1).images), /weight 0/);
});

/** By central differences; the step is small enough for relu and maximum to keep their sides. */
function slope(
  model: ModelName,
  weights: Float64Array[],
  { images, labels }: Batch,
  which: number,
  at: number,
): number {
  const h = 1e-6;
  const lossWith = (change: number) => {
    const changed = weights.with(which, weights[which]!.slice());
    changed[which]![at]! += change;
    return mean(crossEntropy(logitsReference(model, changed, images), labels)).item();
  };
  return (lossWith(h) - lossWith(-h)) / (2 * h);
}

test.run();
