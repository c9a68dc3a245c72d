import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError, ShapeError } from '../../../src/errors.ts';
import { confusionMatrix, formatConfusionMatrix } from '../../../src/train/metrics/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { pairs } from './arbitraries.ts';

const test = suite('metrics: confusion matrix');

// Class 0: 2 of 3 found, 1 false alarm. Class 1: 1 of 2 found, 1 false alarm. Class 2: all.
const labels = [0, 0, 0, 1, 1, 2];
const predictions = [0, 0, 1, 0, 1, 2];

test('counts rows by true class and columns by predicted class', () => {
  assert.equal([...confusionMatrix(labels, predictions, 3).counts], [2, 1, 0, 1, 1, 0, 0, 0, 1]);
});

test('rows add up to the labels, columns to the predictions, the diagonal to the hits', () => {
  fc.assert(
    fc.property(pairs, ([classes, both]) => {
      const [trues, guesses] = [both.map(([label]) => label), both.map(([, guess]) => guess)];
      const { counts } = confusionMatrix(trues, guesses, classes);
      const sum = (chosen: (row: number, column: number) => boolean) =>
        counts.reduce((total, count, at) => {
          return total + (chosen(Math.floor(at / classes), at % classes) ? count : 0);
        }, 0);
      for (let own = 0; own < classes; own++) {
        assert.is(
          sum((row) => row === own),
          trues.filter((label) => label === own).length,
        );
        assert.is(
          sum((_, column) => column === own),
          guesses.filter((guess) => guess === own).length,
        );
      }
      assert.is(
        sum((row, column) => row === column),
        both.filter(([label, guess]) => label === guess).length,
      );
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
  refuses(() => confusionMatrix([0, 1], [0], 2), ShapeError, /2 labels but 1 predictions/);
  refuses(() => confusionMatrix([0, 2], [0, 1], 2), DataError, /label 2 at position 1/);
  refuses(() => confusionMatrix([0], [-1], 2), DataError, /prediction -1 at position 0/);
  refuses(() => confusionMatrix([0.5], [0], 2), DataError, /label 0.5/);
  refuses(
    () => formatConfusionMatrix(confusionMatrix([0], [0], 1), []),
    ShapeError,
    /0 names for 1/,
  );
});

test.run();
