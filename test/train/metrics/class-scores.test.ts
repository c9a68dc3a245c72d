import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  accuracy,
  confusionMatrix,
  f1Scores,
  precisionRecallF1,
} from '../../../src/train/metrics/index.ts';
import { pairs } from './arbitraries.ts';
import { near } from './near.ts';

const test = suite('metrics: precision, recall and F1');

// Class 0: 2 of 3 found, 1 false alarm. Class 1: 1 of 2 found, 1 false alarm. Class 2: all.
const labels = [0, 0, 0, 1, 1, 2];
const predictions = [0, 0, 1, 0, 1, 2];

test('precision, recall and F1 by hand', () => {
  const { perClass, macro } = f1Scores(confusionMatrix(labels, predictions, 3));
  near(perClass[0]!.precision, 2 / 3);
  near(perClass[0]!.recall, 2 / 3);
  near(perClass[0]!.f1, 2 / 3);
  near(perClass[1]!.precision, 1 / 2);
  near(perClass[1]!.f1, 1 / 2);
  near(perClass[2]!.f1, 1);
  near(macro, (2 / 3 + 1 / 2 + 1) / 3);
  assert.equal(
    perClass.map(({ support }) => support),
    [3, 2, 1],
  );
});

test('precision and recall are not mixed up', () => {
  const [zero, one] = f1Scores(confusionMatrix([0, 0, 0, 1], [0, 1, 1, 1], 2)).perClass;
  assert.equal(zero, { precision: 1, recall: 1 / 3, f1: 0.5, support: 3 });
  assert.equal(one, { precision: 1 / 3, recall: 1, f1: 0.5, support: 1 });
});

test('what is undefined counts as 0', () => {
  const { perClass, macro } = f1Scores(confusionMatrix([0, 0], [0, 1], 3));
  assert.equal(perClass[1], { precision: 0, recall: 0, f1: 0, support: 0 });
  assert.equal(perClass[2], { precision: 0, recall: 0, f1: 0, support: 0 });
  near(macro, 2 / 3 / 3);
});

test('the averages by hand', () => {
  // Class 0: 1 of 8 found, 1 false alarm. Class 1: 3 of 4, 7 false alarms. Class 2: never seen.
  const confusion = { classes: 3, counts: Uint32Array.of(1, 7, 0, 1, 3, 0, 0, 0, 0) };
  const { micro, macro, weighted } = precisionRecallF1(confusion);
  near(micro.precision, 4 / 12);
  near(micro.recall, 4 / 12);
  near(micro.f1, 4 / 12);
  near(macro.precision, (1 / 2 + 3 / 10) / 3);
  near(macro.recall, (1 / 8 + 3 / 4) / 3);
  near(macro.f1, (1 / 5 + 3 / 7) / 3);
  near(weighted.precision, (8 * (1 / 2) + 4 * (3 / 10)) / 12);
  near(weighted.recall, (8 * (1 / 8) + 4 * (3 / 4)) / 12);
  near(weighted.f1, (8 * (1 / 5) + 4 * (3 / 7)) / 12);
  assert.equal([micro.support, macro.support, weighted.support], [12, 12, 12]);
});

test('nothing at all has scores of 0', () => {
  const none = { precision: 0, recall: 0, f1: 0, support: 0 };
  const { perClass, ...averages } = precisionRecallF1(confusionMatrix([], [], 2));
  assert.equal(perClass, [none, none]);
  assert.equal(averages, { micro: none, macro: none, weighted: none });
});

test('the scores follow from the confusion matrix by their definitions', () => {
  fc.assert(
    fc.property(pairs, ([classes, both]) => {
      const [trues, guesses] = [both.map(([label]) => label), both.map(([, guess]) => guess)];
      const confusion = confusionMatrix(trues, guesses, classes);
      const { perClass, micro, macro, weighted } = precisionRecallF1(confusion);
      let weightedSum = 0;
      for (const [own, { precision, recall, f1, support }] of perClass.entries()) {
        const isRight = both.filter(([label, guess]) => label === own && guess === own).length;
        const predicted = guesses.filter((guess) => guess === own).length;
        assert.is(support, trues.filter((label) => label === own).length);
        near(precision * predicted, isRight);
        near(recall * support, isRight);
        near(f1, precision + recall && (2 * precision * recall) / (precision + recall));
        weightedSum += support * f1;
      }
      near(weighted.f1 * both.length, weightedSum);
      near(
        macro.f1 * classes,
        perClass.reduce((sum, { f1 }) => sum + f1, 0),
      );
      assert.equal(f1Scores(confusion), { perClass, macro: macro.f1 });
      for (const score of [micro.precision, micro.recall, micro.f1, weighted.recall]) {
        near(score, accuracy(trues, guesses));
      }
      const perfect = f1Scores(confusionMatrix(trues, trues, classes));
      assert.ok(perfect.perClass.every(({ f1, support }) => f1 === (support > 0 ? 1 : 0)));
    }),
  );
});

test.run();
