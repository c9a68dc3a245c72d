import type { Planted } from '../mutant.ts';

/** What is kept between steps: variables, gradients, optimizers, runs and files. */
export const state: readonly Planted[] = [
  {
    file: 'src/autograd/grad.ts',
    tests: ['autograd'],
    changes: [
      ['if (others) others.push(part);\n      else arrived', 'arrived'],
      ['node.inputs.indexOf(input) === i', 'i >= 0'],
      ['if (reached.length > 1) throw severalValues(reached[0] as Node);', ''],
      ['if (!own || own.includes(target)) return target;', 'return target;'],
    ],
  },
  {
    file: 'src/optim/optimizer.ts',
    tests: ['optim/moments', 'optim/groups', 'optim/freezing', 'graph/execution/failures'],
    changes: [
      ['      this.flat.count(1);\n', ''],
      ['      this.taken--;\n', ''],
      [
        'this.rule.scalars(this.taken + 1 - missed, group.lr, group.weightDecay)',
        'this.rule.scalars(this.taken + 1 - missed, this.lr, group.weightDecay)',
      ],
      ['writes: [weights, ...moments]', 'writes: [weights]'],
    ],
  },
  {
    file: 'src/optim/flat-weights.ts',
    tests: ['optim/freezing', 'train/freezing'],
    changes: [
      ['known?.moments ?? this.momentsOf(variables)', 'known?.moments ?? []'],
      ['const isFirst = this.parts.length === 0;', 'const isFirst = true;'],
      ['missed.set(variable, steps);', ''],
      [
        '...(known ?? fresh(variables)),',
        '...fresh(variables), ...known, ...{ starts: (this.parts[0] ?? fresh(variables)).starts },',
      ],
    ],
  },
  {
    file: 'src/optim/averages.ts',
    tests: ['optim/freezing'],
    changes: [['assign(trainable ? ', 'assign(true ? ']],
  },
  {
    file: 'src/graph/execution/replay.ts',
    tests: ['nn/freezing'],
    changes: [['[...this.trainable].every(([one, was]) => one.trainable === was)', 'true']],
  },
  {
    file: 'src/nn/layer.ts',
    tests: ['nn/freezing'],
    changes: [
      ['if (layer === this || !layer.#freezing.isSet)', 'if (layer === this)'],
      ['if (variable.trainable) regularizers', 'regularizers'],
    ],
  },
  {
    file: 'src/optim/groups.ts',
    tests: ['optim/groups'],
    changes: [['group.variables.filter(({ cell }) => cell.isWeight)', 'group.variables']],
  },
  {
    file: 'src/nn/layers/normalization/batch-norm.ts',
    tests: ['nn/layers', 'nn/freezing'],
    changes: [
      ['batch.mean.mul(1 - momentum)', 'batch.mean.mul(momentum)'],
      ['if (!training || !this.trainable)', 'if (!training)'],
    ],
  },
];
