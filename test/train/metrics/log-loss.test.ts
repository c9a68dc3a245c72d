import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DataError, ShapeError } from '../../../src/errors.ts';
import { logLoss } from '../../../src/train/metrics/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { near } from './near.ts';

const test = suite('metrics: log loss');

test('by hand', () => {
  near(logLoss([0, 1], [0.5, 0.5, 0.25, 0.75], 2), (Math.log(2) + Math.log(4 / 3)) / 2);
  near(logLoss([1, 0, 0, 1], [0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65], 2), 0.21616187468057912);
  near(logLoss([2], [0.2, 0.2, 0.6], 3), -Math.log(0.6));
  assert.is(logLoss([], [], 3), 0);
});

test('certainty is clipped by the epsilon of the array', () => {
  const certain = [1, 0, 1, 0];
  // scikit-learn 1.9.1 clips alike; its 7.97119… for f32 is this one, rounded to f32.
  near(logLoss([0, 1], certain, 2), (-Math.log(2 ** -52) - Math.log(1 - 2 ** -52)) / 2);
  const single = Float32Array.from(certain);
  near(logLoss([0, 1], single, 2), (-Math.log(2 ** -23) - Math.log(1 - 2 ** -23)) / 2);
});

test('probabilities rounded to f32 still add up', () => {
  const classes = 1000;
  const uniform = new Float32Array(classes).fill(1 / classes);
  assert.ok(Math.abs(logLoss([7], uniform, classes) - Math.log(classes)) < 1e-6);
});

test('what is no probability is refused', () => {
  refuses(() => logLoss([0], [3, -2], 2), DataError, /3 at position 0 is no probability/);
  refuses(() => logLoss([0, 0], [1, 0, 0.4, 0.5], 2), DataError, /example 1 add up to 0.9/);
  refuses(() => logLoss([0], [Number.NaN, 1], 2), DataError, /NaN/);
  refuses(() => logLoss([2], [0.5, 0.5], 2), DataError, /label 2/);
  refuses(() => logLoss([0], [1], 2), ShapeError, /1 scores for 1 labels and 2 classes/);
  refuses(() => logLoss([], [], -1), ArgumentError, /classes -1 must be/);
});

test.run();
