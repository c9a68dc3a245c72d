import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError, ShapeError } from '../../../src/errors.ts';
import { auc, rocAuc, rocCurve } from '../../../src/train/metrics/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { flagged, scored } from './arbitraries.ts';
import { near } from './near.ts';

const test = suite('metrics: ROC');

/** Mann–Whitney: how often a positive scores above a negative, ties counting half. */
function rankStatistic(flags: readonly boolean[], scores: readonly number[]): number {
  const of = (flag: boolean) => scores.filter((_, item) => flags[item] === flag);
  const wins = of(true).flatMap((a) => of(false).map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

test('four examples by hand', () => {
  // From the top: positive 0.8, negative 0.4, positive 0.35, negative 0.1.
  const curve = rocCurve([false, false, true, true], [0.1, 0.4, 0.35, 0.8]);
  assert.equal([...curve.thresholds], [Number.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1]);
  assert.equal([...curve.truePositiveRate], [0, 0.5, 0.5, 1, 1]);
  assert.equal([...curve.falsePositiveRate], [0, 0, 0.5, 0.5, 1]);
  near(auc(curve), 3 / 4);
});

test('equal scores are one point: the diagonal, area ½', () => {
  const curve = rocCurve([1, 0, 1], [2, 2, 2]);
  assert.equal([...curve.truePositiveRate], [0, 1]);
  assert.equal([...curve.falsePositiveRate], [0, 1]);
  near(auc(curve), 1 / 2);
});

test('points on a line are kept', () => {
  assert.equal([...rocCurve([1, 1, 0], [3, 2, 1]).truePositiveRate], [0, 0.5, 1, 1]);
});

test('the area is the rank statistic', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      near(auc(rocCurve(flags, scores)), rankStatistic(flags, scores));
    }),
  );
});

test('each point counts what reaches its threshold', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      const { thresholds, truePositiveRate, falsePositiveRate } = rocCurve(flags, scores);
      const distinct = [...new Set(scores)].sort((a, b) => b - a);
      assert.equal([...thresholds], [Number.POSITIVE_INFINITY, ...distinct]);
      thresholds.forEach((threshold, point) => {
        const share = (flag: boolean) => {
          const those = scores.filter((_, item) => flags[item] === flag);
          return those.filter((score) => score >= threshold).length / those.length;
        };
        near(truePositiveRate[point], share(true));
        near(falsePositiveRate[point], share(false));
      });
    }),
  );
});

test('a rising function of the scores changes nothing, a falling one turns the curve', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      const area = auc(rocCurve(flags, scores));
      const raised = rocCurve(
        flags,
        scores.map((score) => Math.exp(score) + 7),
      );
      assert.is(auc(raised), area);
      const fallen = rocCurve(
        flags,
        scores.map((score) => -(score ** 3)),
      );
      near(auc(fallen), 1 - area);
    }),
  );
});

test('the order of the examples does not matter', () => {
  fc.assert(
    fc.property(flagged, ({ flags, scores }) => {
      const turned = rocCurve([...flags].reverse(), [...scores].reverse());
      assert.equal(turned, rocCurve(flags, scores));
    }),
  );
});

test('one class against the others by hand', () => {
  // Class 0: 0.8 and 0.1 against 0.3 and 0.6, 2 of 4 pairs right. Class 1: 0.6 against
  // 0.1, 0.5 and 0.2, all right. Class 2: 0.2 against 0.1, 0.4 and 0.1, 2 of 3.
  const scores = [0.8, 0.1, 0.1, 0.1, 0.5, 0.4, 0.3, 0.6, 0.1, 0.6, 0.2, 0.2];
  const labels = [0, 0, 1, 2];
  const { perClass } = rocAuc(labels, scores, 3);
  near(perClass[0], 2 / 4);
  near(perClass[1], 3 / 3);
  near(perClass[2], 2 / 3);
});

test('one class against the others, agreeing with the rank statistic', () => {
  fc.assert(
    fc.property(scored, ({ labels, scores, classes }) => {
      const { perClass, macro, micro } = rocAuc(labels, scores, classes);
      const expected = perClass.map((_, own) => {
        const flags = labels.map((label) => label === own);
        if (new Set(flags).size < 2) return undefined;
        return rankStatistic(
          flags,
          labels.map((_, item) => scores[item * classes + own]!),
        );
      });
      perClass.forEach((value, own) => {
        if (expected[own] === undefined) assert.is(value, undefined);
        else near(value, expected[own]);
      });
      const defined = expected.filter((value) => value !== undefined);
      if (defined.length === 0) assert.is(macro, undefined);
      else near(macro, defined.reduce((sum, value) => sum + value, 0) / defined.length);
      const pairs = scores.map((_, at) => labels[Math.floor(at / classes)] === at % classes);
      if (labels.length === 0 || classes === 1) assert.is(micro, undefined);
      else near(micro, rankStatistic(pairs, scores));
    }),
  );
});

test('classes that no label has are left out of the mean', () => {
  const { perClass, macro } = rocAuc([0, 1], [0.9, 0.1, 0, 0.2, 0.8, 0], 3);
  assert.equal(perClass, [1, 1, undefined]);
  assert.is(macro, 1);
});

test('what has no curve is refused', () => {
  refuses(() => rocCurve([1, 1], [0, 1]), DataError, /at least one of each/);
  refuses(() => rocCurve([], []), DataError, /at least one of each/);
  refuses(() => rocCurve([1, 0], [0]), ShapeError, /2 labels but 1 scores/);
  refuses(() => rocCurve([1, 2], [0, 1]), DataError, /rocCurve: 2 at position 1/);
  refuses(() => rocCurve([1, 0], [0, Number.NaN]), DataError, /score NaN at position 1/);
  refuses(() => rocCurve([1, 0], [Number.POSITIVE_INFINITY, 0]), DataError, /score Infinity/);
  refuses(() => rocAuc([0, 1], [1, 0, 1], 2), ShapeError, /rocAuc: 3 scores/);
  refuses(() => rocAuc([3], [1, 0], 2), DataError, /label 3 at position 0/);
});

test.run();
