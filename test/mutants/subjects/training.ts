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
    tests: ['data/pipeline'],
    changes: [
      ['dropLast ? Math.floor(batches) : Math.ceil(batches)', 'Math.floor(batches)'],
      ['Math.round(this.count * fraction)', 'Math.floor(this.count * fraction)'],
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
