import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  batchMetrics,
  type DType,
  DTypeError,
  metrics,
  ShapeError,
  tensor,
} from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('batch metrics');

const { accuracy, binaryAccuracy, meanAbsoluteError, meanSquaredError, namedMetrics, topK } =
  batchMetrics;
const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;

const of = (values: number[] | number[][] | number[][][], dtype: DType = 'f32') =>
  tensor(values, { dtype });

async function values(
  metric: batchMetrics.BatchMetric,
  outputs: AnyTensor,
  targets: AnyTensor,
): Promise<number[]> {
  const result = metric(outputs, targets);
  assert.is(result.dtype, 'f32');
  assert.equal(result.shape, [outputs.shape[0]]);
  return [...(await result.data())];
}

// The true class comes first, third, second and last.
const logits = [
  [0.7, 0.2, 0.1, 0],
  [0.4, 0.3, 0.2, 0.1],
  [-1, 5, 6, -2],
  [3, 2, 1, -4],
];
const labels = [0, 2, 1, 3];
const oneHot = labels.map((label) => logits.map((_, own) => Number(own === label)));

test('top-k of class numbers and of one-hot targets of every dtype', async () => {
  const expected = [
    [1, 0, 0, 0],
    [1, 0, 1, 0],
    [1, 1, 1, 0],
    [1, 1, 1, 1],
  ];
  for (const [at, hits] of expected.entries()) {
    assert.equal(await values(topK(at + 1), of(logits), of(labels, 'i32')), hits);
  }
  for (const dtype of ['i32', 'u32', 'u8'] as const) {
    assert.equal(await values(topK(2), of(logits), of(labels, dtype)), [1, 0, 1, 0]);
  }
  for (const dtype of ['f32', 'f16', 'i32', 'u32', 'u8', 'bool'] as const) {
    assert.equal(await values(topK(2), of(logits), of(oneHot, dtype)), [1, 0, 1, 0]);
    assert.equal(await values(accuracy, of(logits), of(oneHot, dtype)), [1, 0, 0, 0]);
  }
});

test('of soft targets the highest counts', async () => {
  const soft = of([
    [0.8, 0.2],
    [0.4, 0.6],
  ]);
  const outputs = of([
    [1, 0],
    [1, 0],
  ]);
  assert.equal(await values(accuracy, outputs, soft), [1, 0]);
});

test('equal, infinite and missing values', async () => {
  const outputs = of([
    [1, 1, 1],
    [1, 1, 1],
    [-INF, -INF, 0],
    [INF, 0, INF],
    [-INF, 0, -1],
  ]);
  assert.equal(await values(accuracy, outputs, of([0, 1, 2, 0, 0], 'i32')), [1, 0, 1, 1, 0]);
  assert.equal(await values(topK(2), outputs, of([1, 2, 0, 2, 0], 'i32')), [1, 0, 1, 1, 0]);
});

test('NaN is never right', async () => {
  const outputs = of([
    [NAN, NAN, NAN],
    [NAN, 0, 1],
    [NAN, 0, 1],
    [0, NAN, 1],
  ]);
  assert.equal(await values(accuracy, outputs, of([0, 0, 2, 1], 'i32')), [0, 0, 0, 0]);
  // Third of three or second: 1 is at least second, whatever the NaN stands for.
  assert.equal(await values(topK(2), outputs, of([0, 0, 2, 1], 'i32')), [0, 0, 1, 0]);
});

test('a number that is no class is never right', async () => {
  const outputs = of([
    [1, 0],
    [1, 0],
    [-1, -2],
    [0, -INF],
  ]);
  const none = of([-1, 2, 5, -1], 'i32');
  assert.equal(await values(accuracy, outputs, none), [0, 0, 0, 0]);
  assert.equal(await values(topK(2), outputs, none), [0, 0, 0, 0]);
});

test('the mean of an epoch is what the host computes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom([1, 2], [7, 3], [33, 5], [64, 10]),
      fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
      async ([count, classes], drawn) => {
        const draw = () => drawn.next().value as number;
        const scores = Float32Array.from({ length: count! * classes! }, draw);
        const own = Int32Array.from({ length: count! }, () => (draw() + 3) % classes!);
        const outputs = tensor(scores, [count!, classes!]);
        const targets = tensor(own, [count!]);
        for (const k of new Set([1, 2, classes!])) {
          const hits = await values(topK(k), outputs, targets);
          const mean = hits.reduce((sum, hit) => sum + hit, 0) / count!;
          assert.is(mean, metrics.topKAccuracy(own, scores, k, classes!));
        }
        const first = [...((await outputs.argMax(-1).data()) as Int32Array)];
        const hits = await values(accuracy, outputs, targets);
        assert.equal(
          hits,
          first.map((guess, item) => Number(guess === own[item])),
        );
      },
    ),
    { numRuns: 8 },
  );
});

test('positions of a sequence are averaged for each example', async () => {
  const outputs = of([
    [
      [1, 0],
      [1, 0],
    ],
    [
      [0, 1],
      [0, 1],
    ],
  ]);
  const numbers = of(
    [
      [0, 1],
      [1, 1],
    ],
    'i32',
  );
  assert.equal(await values(accuracy, outputs, numbers), [0.5, 1]);
});

test('binary accuracy has its threshold at logit 0, which counts as negative', async () => {
  const outputs = of([2, 2, -2, -2, 0, 0, NAN, NAN, INF, -INF]);
  const targets = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0];
  const hits = [1, 0, 0, 1, 0, 1, 0, 0, 1, 1];
  for (const dtype of ['f32', 'f16', 'i32', 'u8', 'bool'] as const) {
    assert.equal(await values(binaryAccuracy, outputs, of(targets, dtype)), hits);
  }
  const column = outputs.reshape([10, 1]);
  assert.equal(await values(binaryAccuracy, column, of(targets)), hits);
  assert.equal(await values(binaryAccuracy, outputs, of(targets).reshape([10, 1])), hits);
  const several = of([
    [1, -1],
    [1, 1],
  ]);
  const both = of([
    [1, 0],
    [0, 1],
  ]);
  assert.equal(await values(binaryAccuracy, several, both), [1, 0.5]);
});

test('binary accuracy of what a sigmoid has made has its threshold at a half', async () => {
  const logits = tensor([[2], [-2], [-3], [1], [0]]);
  const targets = tensor([[1], [0], [1], [0], [0]]);
  const probabilities = logits.sigmoid();
  const hits = [1, 1, 0, 0, 1];
  const { binaryAccuracy } = batchMetrics;
  for (const outputs of [logits, probabilities, probabilities.reshape([5, 1, 1]).reshape([5, 1])]) {
    assert.equal([...(await binaryAccuracy(outputs, targets).data())], hits);
  }
  await probabilities.realize();
  assert.equal([...(await binaryAccuracy(probabilities, targets).data())], hits);
});

test('mean absolute and mean squared error by hand', async () => {
  const outputs = of([
    [1, -2],
    [0, 4],
  ]);
  const targets = [
    [2, 2],
    [0, 1],
  ];
  for (const dtype of ['f32', 'i32', 'u8'] as const) {
    assert.equal(await values(meanAbsoluteError, outputs, of(targets, dtype)), [2.5, 1.5]);
    assert.equal(await values(meanSquaredError, outputs, of(targets, dtype)), [8.5, 4.5]);
  }
  // One output an example does not broadcast against a row of targets.
  const column = of([[1], [2], [3]]);
  assert.equal(await values(meanAbsoluteError, column, of([1, 0, 0])), [0, 2, 3]);
  assert.equal(await values(meanSquaredError, of([1, 2, 3]), of([[1], [0], [0]])), [0, 4, 9]);
});

test('the metrics that have names', async () => {
  assert.equal(Object.keys(namedMetrics).sort(), [
    'accuracy',
    'binaryAccuracy',
    'meanAbsoluteError',
    'meanSquaredError',
    'top5Accuracy',
  ]);
  const outputs = of([
    [6, 5, 4, 3, 2, 1],
    [6, 5, 4, 3, 2, 1],
  ]);
  assert.equal(await values(namedMetrics.top5Accuracy, outputs, of([4, 5], 'i32')), [1, 0]);
});

test('what does not fit is refused', () => {
  const outputs = of(logits);
  refuses(() => topK(0), ArgumentError, /k 0 must be/);
  refuses(() => topK(1.5), ArgumentError, /k 1.5 must be/);
  refuses(() => topK(5)(outputs, of(labels, 'i32')), ArgumentError, /k = 5.*4 classes/);
  refuses(() => accuracy(outputs, of([0, 1], 'i32')), ShapeError, /accuracy: .*\[4,4\].*\[2\]/);
  refuses(() => accuracy(outputs, of(labels)), DTypeError, /class numbers .* got f32/);
  refuses(() => accuracy(of([[1], [2]]), of([0, 0], 'i32')), ShapeError, /binaryAccuracy/);
  refuses(() => topK(1)(of([1, 2]), of([0, 1], 'i32')), ShapeError, /one-hot/);
  refuses(() => binaryAccuracy(of([1, 2]), of([1])), ShapeError, /\[2\] and targets \[1\] differ/);
  refuses(() => meanAbsoluteError(outputs, of([1, 2, 3, 4])), ShapeError, /meanAbsoluteError/);
  refuses(() => meanSquaredError(outputs, of([[1, 2]])), ShapeError, /meanSquaredError/);
  for (const [name, metric] of Object.entries({ meanAbsoluteError, meanSquaredError })) {
    refuses(() => metric(of([1], 'i32'), of([1])), DTypeError, new RegExp(`${name} .*f32.* i32`));
  }
});

test.run();
