import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError } from '../../src/index.ts';
import { directionOf, isBetter, metricOf, onValidation } from '../../src/train/metric-name.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('metric names');

test('a name on validation data leads back to its metric', () => {
  for (const metric of ['loss', 'accuracy', 'top5Accuracy', 'value']) {
    assert.equal(metricOf(metric), { metric, isOnValidation: false });
    assert.equal(metricOf(onValidation(metric)), { metric, isOnValidation: true });
  }
  assert.is(onValidation('loss'), 'valLoss');
});

test('losses and errors are better the smaller they are, on validation data too', () => {
  const losses =
    'loss valLoss meanSquaredError mae mse rmse perplexity crossEntropy klDivergence valMae errorRate logLoss';
  const gains =
    'accuracy valAccuracy auc rocAuc f1 macroF1 r2 precision recall top3 top5Accuracy iou valAuc score';
  for (const metric of losses.split(' ')) assert.is(directionOf(metric), 'min', metric);
  for (const metric of gains.split(' ')) assert.is(directionOf(metric), 'max', metric);
  assert.ok(isBetter('f', 'loss', undefined)(0, 1));
  assert.ok(isBetter('f', 'loss', 'max')(1, 0));
});

test('a name that says nothing needs a mode', () => {
  assert.is(directionOf('foo'), undefined);
  assert.ok(isBetter('f', 'foo', 'min')(0, 1));
  refuses(
    () => isBetter('f', 'foo', undefined),
    ArgumentError,
    /f: the name 'foo'.*mode: 'min' or 'max'/,
  );
});

test.run();
