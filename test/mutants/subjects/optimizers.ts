import type { Planted } from '../mutant.ts';

/** Optimizers' rules, schedules and clipping. */
export const optimizers: readonly Planted[] = [
  {
    file: 'src/optim/rules/adam.ts',
    tests: ['optim/optimizers', 'optim/rule'],
    changes: [
      ['lr / (1 - beta1 ** step)', 'lr / (1 - beta1 ** (step + 1))'],
      ['1 / Math.sqrt(1 - beta2 ** step)', '1 / (1 - beta2 ** step)'],
    ],
  },
  {
    file: 'src/optim/rules/running-means.ts',
    tests: ['optim/optimizers', 'optim/rule'],
    changes: [
      ['decoupledDecay: lr * weightDecay', 'decoupledDecay: weightDecay'],
      ['defaultEpsilon = 1e-8', 'defaultEpsilon = 1e-7'],
    ],
  },
  {
    file: 'src/optim/rules/nadam.ts',
    tests: ['optim/optimizers', 'optim/moments'],
    changes: [
      ['(1 - product * next)', '(1 - product)'],
      ['if (step < at) [at, product] = [0, 1];', ''],
    ],
  },
  {
    file: 'src/optim/rules/radam.ts',
    tests: ['optim/optimizers'],
    changes: [
      ['length <= 5', 'length <= 4'],
      ['epsilon / rectification', 'epsilon'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adamax.wgsl',
    tests: ['optim/optimizers'],
    changes: [['select(size, faded, faded > size)', 'size']],
  },
  {
    file: 'src/optim/rules/lamb.ts',
    tests: ['optim/optimizers'],
    changes: [['alwaysAdapt || weightDecay > 0', 'alwaysAdapt']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/trust/lamb.wgsl',
    tests: ['optim/optimizers'],
    changes: [['+ params.weightDecay * weight', '']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/trust/lamb-step.wgsl',
    tests: ['optim/rules/lamb'],
    changes: [['params.adapts * ratio > 0.0', 'params.adapts > 0.0']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/trust/lars-step.wgsl',
    tests: ['optim/optimizers'],
    changes: [['(1.0 + params.weightDecay * ratio)', '(1.0 + params.weightDecay)']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/trust/squares.wgsl',
    tests: ['kernels/optimizers/trust'],
    changes: [
      ['< vec4<u32>(lengths[block])', '<= vec4<u32>(lengths[block])'],
      ['direction(i, weight, gradient(i))', 'direction(i, weight, grads[i])'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/trust/ratios.wgsl',
    tests: ['kernels/optimizers/trust'],
    changes: [['starts[variable + 1u]', 'starts[variable] + 1u']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adadelta.wgsl',
    tests: ['optim/optimizers'],
    changes: [['sqrt(before + params.epsilon)', 'sqrt(before) + params.epsilon']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/lion.wgsl',
    tests: ['optim/optimizers', 'kernels/optimizers'],
    changes: [
      ['params.beta1 * before + (1.0 - params.beta1) * grad', 'mean[i]'],
      ['select(sign(heading), heading, magnitude > vec4<u32>(0x7f800000u))', 'sign(heading)'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adam.wgsl',
    tests: ['optim/optimizers'],
    changes: [
      [
        'sqrt(divisor(i, v)) * params.inverseSqrtBias2 + params.epsilon',
        'sqrt(divisor(i, v) + params.epsilon) * params.inverseSqrtBias2',
      ],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adam-means.wgsl',
    tests: ['optim/optimizers'],
    changes: [['(1.0 - params.beta1) * slope', '(1.0 - params.beta2) * slope']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/adam-amsgrad.wgsl',
    tests: ['optim/optimizers'],
    changes: [['return most;', 'return v;']],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update/accumulate.wgsl',
    tests: ['optim/accumulation'],
    changes: [['select(vec4<f32>(), weight, params.going > 0.0)', 'weight']],
  },
  {
    file: 'src/optim/averages.ts',
    tests: ['optim/averages'],
    changes: [['return [1 - share, share];', 'return [share, 1 - share];']],
  },
  {
    file: 'src/optim/rules/sgd.ts',
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
    file: 'src/optim/rules/adagrad.ts',
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
    tests: ['kernels/optimizers/loss-scale'],
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
