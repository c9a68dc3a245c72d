import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError, ShapeError } from '../../../src/errors.ts';
import {
  averagePrecision,
  meanAveragePrecision,
  precisionRecallCurve,
} from '../../../src/train/metrics/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { flagged, scored } from './arbitraries.ts';
import { near } from './near.ts';

const test = suite('metrics: precision and recall curve');

const score = (flags: readonly boolean[], scores: readonly number[]) =>
  averagePrecision(precisionRecallCurve(flags, scores));

/** The mean, over the positives, of the precision among all that score at least as high. */
function meanPrecision(flags: readonly boolean[], scores: readonly number[]): number {
  const positives = scores.filter((_, item) => flags[item]);
  const sum = positives.reduce((total, own) => {
    const reaching = positives.filter((other) => other >= own).length;
    return total + reaching / scores.filter((other) => other >= own).length;
  }, 0);
  return sum / positives.length;
}

test('four examples by hand', () => {
  // From the top: positive 0.8, negative 0.4, positive 0.35, negative 0.1.
  const curve = precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
  assert.equal([...curve.thresholds], [Number.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1]);
  assert.equal([...curve.recall], [0, 1 / 2, 1 / 2, 1, 1]);
  assert.equal([...curve.precision], [1, 1, 1 / 2, 2 / 3, 2 / 4]);
  near(averagePrecision(curve), (1 / 2) * 1 + (1 / 2) * (2 / 3));
});

test('equal scores are one step: the share of positives', () => {
  near(score([true, false, false, true, false], [1, 1, 1, 1, 1]), 2 / 5);
});

test('without negatives precision is 1 throughout', () => {
  assert.is(score([true, true], [3, 5]), 1);
});

test('average precision is the mean precision at the positives', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      near(score(flags, scores), meanPrecision(flags, scores));
    }),
  );
});

test('a perfect ranking has 1, and only such a one', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      near(
        score(
          flags,
          scores.map((value, item) => value + (flags[item] ? 100 : 0)),
        ),
        1,
      );
      const lowest = Math.min(...scores.filter((_, item) => flags[item]));
      const isPerfect = scores.every((value, item) => flags[item] || value < lowest);
      assert.is(score(flags, scores) > 1 - 1e-9, isPerfect);
    }),
  );
});

test('neither a rising function of the scores nor the order of the examples matters', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      const expected = score(flags, scores);
      const raised = scores.map((value) => Math.exp(value) + 7);
      assert.is(score(flags, raised), expected);
      assert.is(score([...flags].reverse(), [...scores].reverse()), expected);
    }),
  );
});

test('each class against the others, with the means', () => {
  fc.assert(
    fc.property(scored, ({ labels, scores, classes }) => {
      const { perClass, macro, micro } = meanAveragePrecision(labels, scores, classes);
      let sum = 0;
      perClass.forEach((value, own) => {
        const flags = labels.map((label) => label === own);
        if (!flags.includes(true)) {
          assert.is(value, undefined);
          return;
        }
        const column = labels.map((_, item) => scores[item * classes + own]!);
        near(value, meanPrecision(flags, column));
        sum += value!;
      });
      if (labels.length === 0) return assert.equal([macro, micro], [undefined, undefined]);
      near(macro, sum / new Set(labels).size);
      const pairs = scores.map((_, at) => labels[Math.floor(at / classes)] === at % classes);
      near(micro, meanPrecision(pairs, scores));
    }),
  );
});

test('what has no curve is refused', () => {
  refuses(() => precisionRecallCurve([0, 0], [0, 1]), DataError, /at least one/);
  refuses(() => precisionRecallCurve([1], [0, 1]), ShapeError, /1 labels but 2 scores/);
  refuses(() => precisionRecallCurve([Number.NaN], [0]), DataError, /NaN at position 0/);
  refuses(() => precisionRecallCurve([1], [Number.NaN]), DataError, /score NaN/);
  refuses(() => meanAveragePrecision([0], [1], 2), ShapeError, /meanAveragePrecision: 1 scores/);
});

test.run();
