import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isBetter, metricOf, onValidation } from '../../src/train/metric-name.ts';

const test = suite('metric names');

test('a name on validation data leads back to its metric', () => {
  for (const metric of ['loss', 'accuracy', 'top5Accuracy', 'value']) {
    assert.equal(metricOf(metric), { metric, isOnValidation: false });
    assert.equal(metricOf(onValidation(metric)), { metric, isOnValidation: true });
  }
  assert.is(onValidation('loss'), 'valLoss');
});

test('losses and errors are better the smaller they are, on validation data too', () => {
  for (const metric of ['loss', 'valLoss', 'meanSquaredError']) assert.ok(isBetter(metric)(0, 1));
  for (const metric of ['accuracy', 'valAccuracy']) assert.ok(isBetter(metric)(1, 0));
});

test.run();
