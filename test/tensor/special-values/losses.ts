import { type AnyTensor, losses, type Tensor, tensor } from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import * as references from '../../reference/losses.ts';
import { type Lists, lists, logSoftmax, rowsOfNumbers } from './others.ts';
import { INF, inWords, listed, NAN, type Row, type Section } from './section.ts';

const pairs: Lists = [
  [NAN, 1],
  [1, NAN],
  [INF, 1],
  [-INF, 1],
  [1e30, 1],
  [-1e30, 1],
];
const one = (x: number) => new NdArray([1], [x]);

function ofPairs(
  op: 'meanSquaredError' | 'meanAbsoluteError' | 'huber' | 'hinge' | 'binaryCrossEntropy',
  reference: (y: NdArray, t: NdArray) => NdArray,
): Row {
  return {
    op,
    openZeros: true,
    expected: pairs.map(([y = NAN, t = NAN]) =>
      Math.fround(reference(one(y), one(t)).data[0] ?? NAN),
    ),
    actual: async ({ input, output }) => {
      const operand = (k: 0 | 1) => input(pairs.map((pair) => pair[k] ?? NAN)) as Tensor;
      return [...(await output(losses[op](operand(0), operand(1), { reduction: 'none' })).data())];
    },
  };
}

const ofNumbers: Section = {
  title: 'Losses of numbers',
  text: 'f32: an output and its target. `binaryCrossEntropy` is of logits.',
  columns: pairs.map((pair) => pair.map(inWords).join(', ')),
  rows: [
    ofPairs('meanSquaredError', references.squaredError),
    ofPairs('meanAbsoluteError', references.absoluteError),
    ofPairs('huber', (y, t) => references.huberError(y, t, 1)),
    ofPairs('hinge', references.hingeLoss),
    ofPairs('binaryCrossEntropy', references.binaryCrossEntropyOfLogits),
  ],
};

/** A loss of the logits of two classes, with the first as target. */
function ofLogits(
  op: 'crossEntropy' | 'klDivergence',
  target: 'label 0' | 'target [1, 0]',
  reference: (logs: NdArray) => number,
): Row {
  const targets = () => (target === 'label 0' ? tensor(Int32Array.of(0), [1]) : tensor([[1, 0]]));
  return {
    ...lists(
      op,
      rowsOfNumbers,
      (x) => losses[op](x.reshape([1, 2]) as AnyTensor, targets(), { reduction: 'none' }),
      (x) => one(reference(logSoftmax(x).map(Math.fround))),
    ),
    label: `${op}, ${target}`,
    openZeros: true,
  };
}

// Of the class that the target is not, 0 · −∞ counts as 0, and what is NaN as that.
const expectedOf = ({ data: [own = NAN, other = NAN] }: NdArray) =>
  0 - own - (other === -INF ? 0 : 0 * other);

const ofClasses: Section = {
  title: 'Losses of classes',
  text: 'f32, the logits of two classes a column. A masked class adds nothing to the losses of others, whether targets are labels or probabilities.',
  columns: rowsOfNumbers.map(listed),
  rows: [
    ofLogits('crossEntropy', 'label 0', (logs) => 0 - (logs.data[0] ?? NAN)),
    ofLogits('crossEntropy', 'target [1, 0]', expectedOf),
    ofLogits('klDivergence', 'target [1, 0]', expectedOf),
  ],
};

export const ofLosses: readonly Section[] = [ofNumbers, ofClasses];
