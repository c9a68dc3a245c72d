import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pendingAssignments } from '../../src/graph/cell.ts';
import {
  type AnyTensor,
  batchMetrics,
  crossEntropy,
  DataError,
  evaluate,
  nn,
  predict,
} from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';
import { bitsOf, convolutional, images, perceptron, points } from './small-training.ts';

const test = suite('evaluate and predict');

const everything = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

test('evaluate gives what the model gives by hand, whatever the batch size', async () => {
  const [model, examples] = [perceptron(), points(23)];
  const { inputs, targets } = await examples.get(everything(23));
  const outputs = model.forward(inputs);
  const expected = {
    loss: (await crossEntropy(outputs, targets).data())[0] as number,
    accuracy: (await batchMetrics.accuracy(outputs, targets).mean().data())[0] as number,
    top2: (await batchMetrics.topK(2)(outputs, targets).mean().data())[0] as number,
  };
  for (const batchSize of [1, 5, 23, 256]) {
    const { loss, ...metrics } = await evaluate(model, examples, {
      loss: crossEntropy,
      metrics: { accuracy: batchMetrics.accuracy, top2: batchMetrics.topK(2) },
      batchSize,
    });
    assert.ok(Math.abs(loss! - expected.loss) < 1e-5, `${batchSize}: ${loss}`);
    assert.ok(Math.abs(metrics.accuracy! - expected.accuracy) < 1e-6);
    assert.ok(Math.abs(metrics.top2! - expected.top2) < 1e-6);
  }
  const named = await evaluate(model, examples, { loss: crossEntropy, metrics: ['accuracy'] });
  assert.equal(Object.keys(named), ['loss', 'accuracy']);
});

test('predict gives the outputs of all examples in order, a ragged last batch included', async () => {
  const [model, examples] = [perceptron(), points(13)];
  const { inputs } = await examples.get(everything(13));
  const expected = await model.forward(inputs).data();
  const predicted = await predict(model, examples, { batchSize: 5 });
  assert.ok(predicted instanceof Float32Array);
  assert.is(predicted.length, 39);
  predicted.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] as number)) < 1e-6);
  });
  assert.is((await predict(model, points(0))).length, 0);
});

test('neither changes the model: running statistics stay, and nothing is left to assign', async () => {
  const [model, examples] = [convolutional(), images(7)];
  const before = await bitsOf(model);
  await evaluate(model, examples, { loss: crossEntropy, batchSize: 3 });
  await predict(model, examples, { batchSize: 3 });
  assert.is(pendingAssignments.size, 0);
  assert.equal(await bitsOf(model), before);
});

test('a model that is not built is built by the first batch', async () => {
  const model = nn.sequential([nn.dense(3)]);
  assert.is((await predict(model, points(4))).length, 12);
  assert.is(model.variables.length, 2);
});

test('no examples and a signal are errors', async () => {
  const model = perceptron();
  const options = { loss: crossEntropy };
  await rejects(() => evaluate(model, points(0), options), DataError, /no examples/);
  const signal = AbortSignal.abort(new RangeError('enough'));
  await rejects(() => evaluate(model, points(4), { ...options, signal }), RangeError, /enough/);
  await rejects(() => predict(model, points(4), { signal }), RangeError, /enough/);
  const own = { loss: (o: AnyTensor) => o.sum(-1) };
  assert.ok(Number.isFinite((await evaluate(model, points(4), own)).loss));
});

test.run();
