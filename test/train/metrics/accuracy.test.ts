import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DataError, ShapeError } from '../../../src/errors.ts';
import { accuracy, topKAccuracy } from '../../../src/train/metrics/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { scored } from './arbitraries.ts';
import { near } from './near.ts';

const test = suite('metrics: accuracy and top-k accuracy');

const labels = [0, 0, 0, 1, 1, 2];
const predictions = [0, 0, 1, 0, 1, 2];

test('accuracy is the share that agree, 0 of nothing', () => {
  near(accuracy(labels, predictions), 4 / 6);
  assert.is(accuracy([], []), 0);
  assert.is(accuracy(Uint8Array.of(1, 2), Int32Array.of(1, 2)), 1);
});

test('top-k accuracy by hand', () => {
  // The true class comes first, third, second and last.
  const scores = [0.7, 0.2, 0.1, 0, 0.4, 0.3, 0.2, 0.1, -1, 5, 6, -2, 3, 2, 1, -4];
  const own = [0, 2, 1, 3];
  near(topKAccuracy(own, scores, 1, 4), 1 / 4);
  near(topKAccuracy(own, scores, 2, 4), 2 / 4);
  near(topKAccuracy(own, scores, 3, 4), 3 / 4);
  near(topKAccuracy(own, scores, 4, 4), 1);
  assert.is(topKAccuracy([], [], 1, 4), 0);
});

test('of equal scores the lower class counts as the higher one', () => {
  const alike = new Float32Array(9).fill(0.5);
  near(topKAccuracy([0, 1, 2], alike, 1, 3), 1 / 3);
  near(topKAccuracy([0, 1, 2], alike, 2, 3), 2 / 3);
});

test('it is where the true class lies in a stable descending order', () => {
  fc.assert(
    fc.property(scored, ({ labels: own, scores, classes }) => {
      const places = own.map((label, item) => {
        const row = scores.slice(item * classes, (item + 1) * classes);
        const order = [...row.keys()].sort((a, b) => row[b]! - row[a]!);
        return order.indexOf(label);
      });
      for (let k = 1; k <= classes; k++) {
        const right = places.filter((place) => place < k).length;
        near(topKAccuracy(own, scores, k, classes) * own.length, right);
      }
    }),
  );
});

test('what does not fit is refused', () => {
  refuses(() => accuracy([0], [0, 1]), ShapeError, /1 labels but 2 predictions/);
  refuses(
    () => topKAccuracy([0], [1, 2], 3, 2),
    ArgumentError,
    /k 3 must be a whole number from 1 to 2/,
  );
  refuses(
    () => topKAccuracy([0], [1, 2], 0, 2),
    ArgumentError,
    /k 0 must be a whole number from 1 to 2/,
  );
  refuses(
    () => topKAccuracy([0], [1, 2], 1.5, 2),
    ArgumentError,
    /k 1.5 must be a whole number from 1 to 2/,
  );
  refuses(
    () => topKAccuracy([0], [1], 1, 0),
    ArgumentError,
    /classes 0 must be a whole number of 1 or more/,
  );
  refuses(() => topKAccuracy([0, 1], [1, 2, 3], 1, 2), ShapeError, /3 scores for 2 labels and 2/);
  refuses(() => topKAccuracy([2], [1, 2], 1, 2), DataError, /label 2 at position 0/);
  refuses(() => topKAccuracy([0], [1, Number.NaN], 1, 2), DataError, /score NaN at position 1/);
});

test.run();
