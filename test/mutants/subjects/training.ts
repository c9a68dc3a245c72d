import type { Planted } from '../mutant.ts';

/** Losses, layers, initializers, data sets and metrics. */
export const training: readonly Planted[] = [
  {
    file: 'src/nn/losses/regression.ts',
    tests: ['nn/losses'],
    changes: [['error.sub(quadratic.mul(0.5))', 'error.sub(quadratic)']],
  },
  {
    file: 'src/nn/losses/reduction.ts',
    tests: ['nn/losses'],
    changes: [['rest.length > 0 ? mean(losses, rest) : losses', 'losses']],
  },
  {
    file: 'src/tensor/ops/share.ts',
    tests: ['nn/losses'],
    changes: [['weight.equal(0).logicalAnd(x.isInf())', 'weight.equal(0)']],
  },
  {
    file: 'src/nn/losses/cross-entropy.ts',
    tests: ['nn/losses'],
    changes: [
      ['-labelSmoothing / classes', '-labelSmoothing'],
      [".div(reduceBy('sum', shares, undefined))", '.div(losses.size)'],
    ],
  },
  {
    file: 'src/nn/initializers/variance-scaling.ts',
    tests: ['nn/initializers'],
    changes: [
      ['fanIn: places * inputs', 'fanIn: inputs'],
      ['Math.sqrt(variance) / CUT_DEVIATION', 'Math.sqrt(variance)'],
    ],
  },
  {
    file: 'src/data/pipeline/shuffled-order.ts',
    tests: ['data/pipeline'],
    changes: [
      [
        'new RandomStream(seed, SHUFFLE_STREAM, epoch)',
        'new RandomStream(seed, SHUFFLE_STREAM, 0)',
      ],
    ],
  },
  {
    file: 'src/data/pipeline/dataset.ts',
    tests: ['data/pipeline', 'mistakes/data'],
    changes: [
      ['dropLast ? Math.floor(batches) : Math.ceil(batches)', 'Math.floor(batches)'],
      ['Math.round(this.count * fraction)', 'Math.floor(this.count * fraction)'],
      ['this.only(Int32Array.from(wanted))', 'this.only(Int32Array.from(wanted).sort())'],
      ['{ from: 0, below: this.count }', '{ from: 0, to: this.count }'],
      ["this.requireOrder('filter');", ''],
      ["this.requireOrder('window');", ''],
      ['train: this.only(train)', 'train: this.only(validation)'],
      ['[this.only(train), this.only(validation)]', '[this.only(validation), this.only(train)]'],
      ['{ from: 2, to: this.count }', '{ from: 2 }'],
    ],
  },
  {
    file: 'src/data/pipeline/folds.ts',
    tests: ['data/pipeline/folds', 'mistakes/data'],
    changes: [
      ['turn % k', 'Math.floor(turn / k) % k'],
      ["byClass('kFold', order, labels)", 'order'],
      ['new RandomStream(seed, FOLD_STREAM)', 'new RandomStream(0, FOLD_STREAM)'],
      ['foldOf[number] !== fold', 'foldOf[number] === fold'],
      ["byClass('split', order, labels)", 'order'],
      ['share(turn + 1) > share(turn)', 'share(turn + 1) >= share(turn)'],
      ['labels.length !== order.length', 'labels.length < 0'],
    ],
  },
  {
    file: 'src/data/pipeline/windows.ts',
    tests: ['data/pipeline/windows', 'mistakes/data'],
    changes: [
      ['(source.count - span) / stride) + 1', '(source.count - span) / stride)'],
      ['* stride + from', '+ from'],
      ['stretch(size + offset, ahead', 'stretch(size, ahead'],
      ['Math.max(size, size + offset + ahead)', 'size + offset + ahead'],
      ['{ ...future, inputs', '{ ...past, inputs'],
      ['source.count < span', 'source.count < 0'],
    ],
  },
  {
    file: 'src/data/pipeline/zipped.ts',
    tests: ['data/pipeline/choosing', 'mistakes/data'],
    changes: [
      ['name === targets', 'name !== targets'],
      ['if (shuffled !== undefined)', 'if (false)'],
      ['part.count !== count', 'part.count < count'],
      ["inputs: all('inputs')", "inputs: all('targets')"],
    ],
  },
  {
    file: 'src/data/pipeline/matching.ts',
    tests: ['data/pipeline/choosing', 'mistakes/data'],
    changes: [
      ['numbers.push(first + i)', 'numbers.push(i)'],
      ["kept.dtype !== 'bool' ||", ''],
    ],
  },
  {
    file: 'src/train/metrics/class-scores.ts',
    tests: ['train/metrics'],
    changes: [
      ['f1: ratio(2 * right, predicted + support)', 'f1: ratio(right, predicted + support)'],
    ],
  },
  {
    file: 'src/train/metrics/ranking.ts',
    tests: ['train/metrics'],
    changes: [['if (next !== undefined && scores[next] === scores[item]) return;', '']],
  },
  {
    file: 'src/train/metrics/roc.ts',
    tests: ['train/metrics'],
    changes: [['((right - left) * (height + leftHeight)) / 2', '(right - left) * height']],
  },
  {
    file: 'src/train/running-means.ts',
    tests: ['train/fit', 'train/evaluate'],
    changes: [['this.examples += examples;', 'this.examples += 1;']],
  },
  {
    file: 'src/nn/layers/recurrent/recurrences.ts',
    tests: ['nn/layers/recurrent'],
    changes: [
      ['reset.mul(hn)', 'reset.mul(last)'],
      ['afterReset(reset.mul(last))', 'afterReset(last)'],
      ['last.sub(fresh)', 'last.add(fresh)'],
    ],
  },
  {
    file: 'src/nn/layers/recurrent/recurrent.ts',
    tests: ['nn/layers/recurrent'],
    changes: [['goBackwards ? length - 1 - i : i', 'i']],
  },
  {
    file: 'src/nn/layers/recurrent/bidirectional.ts',
    tests: ['nn/layers/recurrent'],
    changes: [
      ['where(there, outputs, 0)', 'outputs'],
      ['mask && this.ahead.goesBackwards', 'mask && false'],
      ['[...ahead.state, ...back.state]', '[...back.state, ...ahead.state]'],
    ],
  },
];
