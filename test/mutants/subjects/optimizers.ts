import type { Planted } from '../mutant.ts';

/** Optimizers' rules, schedules and clipping. */
export const optimizers: readonly Planted[] = [
  {
    file: 'src/optim/adam.ts',
    tests: ['optim/optimizers', 'optim/rule'],
    changes: [
      ['lr / (1 - b1 ** step)', 'lr / (1 - b1 ** (step + 1))'],
      ['1 / Math.sqrt(1 - b2 ** step)', '1 / (1 - b2 ** step)'],
      ['[0, lr * weightDecay]', '[0, weightDecay]'],
      ['epsilon = 1e-8', 'epsilon = 1e-7'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adam.wgsl',
    tests: ['optim/optimizers'],
    changes: [
      [
        'sqrt(v) * params.inverseSqrtBias2 + params.epsilon',
        'sqrt(v + params.epsilon) * params.inverseSqrtBias2',
      ],
      ['(1.0 - params.beta1) * slope', '(1.0 - params.beta2) * slope'],
    ],
  },
  {
    file: 'src/optim/sgd.ts',
    tests: ['optim/optimizers'],
    changes: [['step === 1 ? 0 : dampening', 'dampening']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/sgd-momentum.wgsl',
    tests: ['optim/optimizers'],
    changes: [
      ['step = slope + params.momentum * speed;', 'step = speed + params.momentum * speed;'],
      ['grad + params.weightDecay * weight', 'grad - params.weightDecay * weight'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/rmsprop.wgsl',
    tests: ['optim/optimizers'],
    changes: [['(1.0 - params.alpha) * slope * slope', '(1.0 - params.alpha) * grad * grad']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/rmsprop-centered.wgsl',
    tests: ['optim/optimizers'],
    changes: [['square - m * m', 'square']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adagrad.wgsl',
    tests: ['optim/optimizers'],
    changes: [['(sqrt(sum) + params.epsilon)', 'sqrt(sum + params.epsilon)']],
  },
  {
    file: 'src/optim/adagrad.ts',
    tests: ['optim/optimizers'],
    changes: [['(step - 1) * lrDecay', 'step * lrDecay']],
  },
  {
    file: 'src/optim/schedules.ts',
    tests: ['optim/schedules'],
    changes: [
      ['Math.floor(at / every)', 'Math.ceil(at / every)'],
      ['(after(0) * (at + 1)) / (steps + 1)', '(after(0) * at) / steps'],
      ['[rise * steps - 1, steps - 1]', '[rise * steps, steps - 1]'],
    ],
  },
  {
    file: 'src/optim/plateau.ts',
    tests: ['optim/plateau'],
    changes: [
      ['if (this.waited < patience) return lr;', 'if (this.waited <= patience) return lr;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/functions/factor-unscaled.wgsl',
    tests: ['optim/loss-scale'],
    changes: [
      ['norm / scale + 1e-6', 'norm + 1e-6'],
      ['(bitcast<u32>(norm) & 0x7fffffffu) < 0x7f800000u', 'norm == norm'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/loss-scale.wgsl',
    tests: ['optim/loss-scale'],
    changes: [
      ['max(scale * 0.5, 1.0)', 'scale * 0.5'],
      ['good >= params.growthInterval', 'good > params.growthInterval'],
      ['select(good, 0.0, grows)', 'good'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/functions/gradient-scaled.wgsl',
    tests: ['optim/loss-scale'],
    changes: [['SKIPS == 1u && scale[0] == 0.0', 'false']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/functions/factor-clipped.wgsl',
    tests: ['optim/clipping', 'kernels/optimizers'],
    changes: [['min(1.0, params.maxNorm / (norm + 1e-6))', 'params.maxNorm / (norm + 1e-6)']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/clip-norm-squares.wgsl',
    tests: ['optim/clipping', 'kernels/optimizers'],
    changes: [['at < vec4<u32>(lengths[v >> 4u])', 'at <= vec4<u32>(lengths[v >> 4u])']],
  },
];
