import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DataError, ShapeError } from '../../../src/errors.ts';
import { classificationReport, classificationScores } from '../../../src/train/metrics/index.ts';
import { refuses } from '../../tensor/refusal.ts';
import { pairs } from './arbitraries.ts';

const test = suite('metrics: classification report');

// 8 cats of which 1 is found, 4 of the second class of which 3 are, 2 dogs of which 1 is.
const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 3, 3];
const predictions = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 3];

// The expected texts are scikit-learn 1.9.1's, with zero_division=0.
test('without names: the classes that occur, halves rounded to even (1/8 is 0.12)', () => {
  assert.is(
    classificationReport(labels, predictions),
    `              precision    recall  f1-score   support

           0       0.33      0.12      0.18         8
           1       0.30      0.75      0.43         4
           3       1.00      0.50      0.67         2

    accuracy                           0.36        14
   macro avg       0.54      0.46      0.43        14
weighted avg       0.42      0.36      0.32        14
`,
  );
});

test('with names: all classes, the first column as wide as the longest name', () => {
  const names = ['cat', 'a much longer name', 'unseen', 'dog'];
  assert.is(
    classificationReport(labels, predictions, { names, digits: 3 }),
    `                    precision    recall  f1-score   support

               cat      0.333     0.125     0.182         8
a much longer name      0.300     0.750     0.429         4
            unseen      0.000     0.000     0.000         0
               dog      1.000     0.500     0.667         2

          accuracy                          0.357        14
         macro avg      0.408     0.344     0.319        14
      weighted avg      0.419     0.357     0.322        14
`,
  );
});

test('no decimal places, and more than the columns are wide', () => {
  assert.is(
    classificationReport(labels, predictions, { digits: 0 }),
    `              precision    recall  f1-score   support

           0          0         0         0         8
           1          0         1         0         4
           3          1         0         1         2

    accuracy                              0        14
   macro avg          1         0         0        14
weighted avg          0         0         0        14
`,
  );
  assert.is(
    classificationReport(labels, predictions, { digits: 14 }),
    `                precision    recall  f1-score   support

             0  0.33333333333333 0.12500000000000 0.18181818181818         8
             1  0.30000000000000 0.75000000000000 0.42857142857143         4
             3  1.00000000000000 0.50000000000000 0.66666666666667         2

      accuracy                      0.35714285714286        14
     macro avg  0.54444444444444 0.45833333333333 0.42568542568543        14
  weighted avg  0.41904761904762 0.35714285714286 0.32158317872604        14
`,
  );
});

test('the data behind it', () => {
  const { perClass, accuracy, micro } = classificationScores(labels, predictions);
  assert.equal(perClass[2], {
    label: 3,
    name: '3',
    precision: 1,
    recall: 1 / 2,
    f1: 2 / 3,
    support: 2,
  });
  assert.is(accuracy, 5 / 14);
  assert.is(micro.f1, 5 / 14);
  assert.equal(
    classificationScores([0], [0], ['a', 'b']).perClass.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('the order of the examples does not matter', () => {
  fc.assert(
    fc.property(pairs, fc.nat(59), ([, both], by) => {
      const turned = [...both.slice(by), ...both.slice(0, by)].reverse();
      const report = (examples: typeof both) =>
        classificationReport(
          examples.map(([label]) => label),
          examples.map(([, guess]) => guess),
        );
      assert.is(report(turned), report(both));
    }),
  );
});

test('what does not fit is refused', () => {
  refuses(() => classificationReport([0], []), ShapeError, /1 labels but 0 predictions/);
  refuses(() => classificationReport([0], [2], { names: ['a', 'b'] }), DataError, /2 is no class/);
  refuses(() => classificationReport([-1], [0]), DataError, /-1 is no class/);
  refuses(() => classificationReport([0.5], [0]), DataError, /0.5 is no class/);
  refuses(() => classificationReport([0], [0], { digits: -1 }), ArgumentError, /digits -1/);
  refuses(() => classificationReport([0], [0], { digits: 21 }), ArgumentError, /digits 21/);
});

test.run();
