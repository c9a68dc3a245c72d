import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError, ShapeError } from '../../src/errors.ts';
import {
  accuracy,
  confusionMatrix,
  f1Scores,
  formatConfusionMatrix,
} from '../../src/train/metrics.ts';

const test = suite('metrics');

// Class 0: 2 of 3 found, 1 false alarm. Class 1: 1 of 2 found, 1 false alarm. Class 2: all.
const labels = [0, 0, 0, 1, 1, 2];
const predictions = [0, 0, 1, 0, 1, 2];

/** As many predictions as labels, up to 5 classes. */
const pairs = fc.integer({ min: 1, max: 5 }).chain((classes) => {
  const value = fc.nat(classes - 1);
  return fc.tuple(fc.constant(classes), fc.array(fc.tuple(value, value), { maxLength: 60 }));
});

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

test('counts rows by true class and columns by predicted class', () => {
  assert.equal([...confusionMatrix(labels, predictions, 3).counts], [2, 1, 0, 1, 1, 0, 0, 0, 1]);
});

test('accuracy is the share that agree, 0 of nothing', () => {
  near(accuracy(labels, predictions), 4 / 6);
  assert.is(accuracy([], []), 0);
  assert.is(accuracy(Uint8Array.of(1, 2), Int32Array.of(1, 2)), 1);
});

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

test('the matrix adds up, and the scores agree with their definitions', () => {
  fc.assert(
    fc.property(pairs, ([classes, both]) => {
      const trues = both.map(([label]) => label);
      const guesses = both.map(([, guess]) => guess);
      const confusion = confusionMatrix(trues, guesses, classes);
      const { perClass, macro } = f1Scores(confusion);
      assert.is(
        confusion.counts.reduce((sum, count) => sum + count, 0),
        both.length,
      );
      const diagonal = perClass.reduce(
        (sum, _, own) => sum + confusion.counts[own * (classes + 1)]!,
        0,
      );
      near(accuracy(trues, guesses) * both.length, diagonal);
      near(
        macro * classes,
        perClass.reduce((sum, { f1 }) => sum + f1, 0),
      );
      for (const [own, { precision, recall, f1, support }] of perClass.entries()) {
        assert.is(support, trues.filter((label) => label === own).length);
        const harmonic =
          precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
        near(f1, harmonic);
      }
      const perfect = f1Scores(confusionMatrix(trues, trues, classes));
      assert.ok(perfect.perClass.every(({ f1, support }) => f1 === (support > 0 ? 1 : 0)));
    }),
  );
});

test('the table is aligned, rows true and columns predicted', () => {
  const confusion = confusionMatrix(
    [0, 1, ...new Array<number>(12).fill(1)],
    [1, 1, ...new Array<number>(12).fill(0)],
    2,
  );
  assert.is(
    formatConfusionMatrix(confusion, ['cat', 'a']),
    ['true \\ predicted  cat  a', '             cat    0  1', '               a   12  1'].join(
      '\n',
    ),
  );
});

test('the table has lines of one length, whatever the counts', () => {
  fc.assert(
    fc.property(pairs, ([classes, both]) => {
      const confusion = confusionMatrix(
        both.map(([label]) => label),
        both.map(([, guess]) => guess),
        classes,
      );
      const lines = formatConfusionMatrix(confusion).split('\n');
      assert.is(lines.length, classes + 1);
      assert.is(new Set(lines.map((line) => line.length)).size, 1);
    }),
  );
});

test('lengths that differ and values that are no class are refused', () => {
  const throws = (call: () => unknown, kind: typeof ShapeError | typeof DataError, text: RegExp) =>
    assert.throws(call, (error: Error) => error instanceof kind && text.test(error.message));
  throws(() => confusionMatrix([0, 1], [0], 2), ShapeError, /2 labels but 1 predictions/);
  throws(() => accuracy([0], [0, 1]), ShapeError, /1 labels but 2 predictions/);
  throws(() => confusionMatrix([0, 2], [0, 1], 2), DataError, /label 2 at position 1/);
  throws(() => confusionMatrix([0], [-1], 2), DataError, /prediction -1 at position 0/);
  throws(() => confusionMatrix([0.5], [0], 2), DataError, /label 0.5/);
  throws(
    () => formatConfusionMatrix(confusionMatrix([0], [0], 1), []),
    ShapeError,
    /0 names for 1/,
  );
});

test.run();
