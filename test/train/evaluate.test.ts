import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { collectGarbage } from '../../src/device/garbage.ts';
import { pendingAssignments } from '../../src/graph/cell.ts';
import {
  type AnyTensor,
  batchMetrics,
  crossEntropy,
  DataError,
  data,
  evaluate,
  nn,
  ones,
  predict,
  zeros,
} from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';
import { asBits, bitsOf, convolutional, images, perceptron, points } from './small-training.ts';

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

test('both are compiled: the same bits, and the model is called once for each size of batch', async () => {
  const run = async (compile: boolean) => {
    const model = convolutional();
    let calls = 0;
    const forward = model.forward.bind(model);
    model.forward = (x, mode) => {
      calls++;
      return forward(x, mode);
    };
    const options = { batchSize: 4, compile };
    const judged = { loss: crossEntropy, metrics: ['accuracy'], ...options } as const;
    const scores = await evaluate(model, images(23), judged);
    const callsToEvaluate = calls;
    const outputs = asBits(await predict(model, images(23), options));
    return { scores, outputs, callsToEvaluate, callsToPredict: calls - callsToEvaluate };
  };
  const [compiled, plain] = [await run(true), await run(false)];
  assert.equal(compiled.scores, plain.scores);
  assert.equal(compiled.outputs, plain.outputs);
  assert.equal([plain.callsToEvaluate, plain.callsToPredict], [6, 6]);
  assert.equal([compiled.callsToEvaluate, compiled.callsToPredict], [2, 2]);
});

test('numbers that change from batch to batch need `compile: false`', async () => {
  let scale = 0;
  const model = nn.activation((x) => x.mul(++scale));
  const examples = data.fromTensors(ones([3, 1]), ones([3, 1]));
  const outputs = await predict(model, examples, { batchSize: 1, compile: false });
  assert.equal([...outputs], [1, 2, 3]);
});

test('neither holds on to the batches that it has seen', async () => {
  const model = perceptron();
  const judged = { loss: crossEntropy, batchSize: 1 };
  for (const call of [
    (examples: data.Dataset) => evaluate(model, examples, judged),
    (examples: data.Dataset) => predict(model, examples, { batchSize: 1 }),
  ]) {
    const seen: WeakRef<AnyTensor>[] = [];
    let held: number[] = [];
    const watched = new data.Dataset({
      count: 30,
      async get() {
        const [inputs, targets] = [ones([1, 4]), zeros([1], { dtype: 'i32' })];
        seen.push(new WeakRef(inputs), new WeakRef(targets));
        if (seen.length === 60) {
          // A collection that is under way keeps what it has marked already; the next does not.
          for (let i = 0; i === 0 || (i < 5 && held.length > 0); i++) {
            await collectGarbage();
            held = seen.slice(0, 30).flatMap((tensor, j) => (tensor.deref() ? [j] : []));
          }
        }
        return { inputs, targets, count: 1 };
      },
    });
    await call(watched);
    // Those of the last few are on their way.
    assert.equal(held, []);
  }
});

test.run();
