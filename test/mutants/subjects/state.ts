import type { Planted } from '../mutant.ts';

/** What is kept between steps: variables, gradients, optimizers, runs and files. */
export const state: readonly Planted[] = [
  {
    file: 'src/autograd/grad.ts',
    tests: ['autograd'],
    changes: [
      ['sum ? sum.add(part) : part', 'part'],
      ['node.inputs.indexOf(input) === i', 'i >= 0'],
      ['if (reached.length > 1) throw severalValues(reached[0] as Node);', ''],
      ['if (!own || own.includes(target)) return target;', 'return target;'],
    ],
  },
  {
    file: 'src/optim/optimizer.ts',
    tests: ['optim/moments', 'optim/groups', 'graph/execution/failures'],
    changes: [
      ['      this.taken--;\n', ''],
      [
        'this.rule.scalars(this.taken + 1, group.lr, group.weightDecay)',
        'this.rule.scalars(this.taken + 1, this.lr, group.weightDecay)',
      ],
      ['writes: [weights, ...moments]', 'writes: [weights]'],
    ],
  },
  {
    file: 'src/optim/groups.ts',
    tests: ['optim/groups'],
    changes: [['group.variables.filter(({ trainable }) => trainable)', 'group.variables']],
  },
  {
    file: 'src/nn/layers/batch-norm.ts',
    tests: ['nn/layers'],
    changes: [['batch.mean.mul(1 - momentum)', 'batch.mean.mul(momentum)']],
  },
];
