import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  lamb,
  lars,
  lion,
  nadam,
  type Optimizer,
  radam,
  rmsProp,
  sgd,
} from './optimizers.ts';

const test = suite('reference: optimizers');

/** Where a parameter that starts at 1 is after each of the gradients. */
function path(optimizer: Optimizer, gradients: number[]): number[] {
  const parameter = new Float64Array([1]);
  return gradients.map((gradient) => {
    optimizer.step([parameter], [new Float64Array([gradient])]);
    return parameter[0]!;
  });
}

function isPath(actual: number[], expected: number[]): void {
  for (const [at, value] of expected.entries()) {
    assert.ok(Math.abs(actual[at]! - value) < 1e-12, `step ${at + 1}: ${actual[at]}, not ${value}`);
  }
}

test('SGD', () => {
  isPath(path(sgd({ lr: 0.5 }), [1, 2]), [0.5, -0.5]);
  isPath(path(sgd({ lr: 0.5, weightDecay: 0.2 }), [1]), [0.4]);
  // The buffer is 1, then 0.5·1 + 2 = 2.5.
  isPath(path(sgd({ lr: 0.1, momentum: 0.5 }), [1, 2]), [0.9, 0.65]);
  // The steps are 1 + 0.5·1 = 1.5, then 2 + 0.5·2.5 = 3.25.
  isPath(path(sgd({ lr: 0.1, momentum: 0.5, nesterov: true }), [1, 2]), [0.85, 0.525]);
  // Dampening spares the first gradient: 1, then 0.5·1 + 0.75·2 = 2.
  isPath(path(sgd({ lr: 0.1, momentum: 0.5, dampening: 0.25 }), [1, 2]), [0.9, 0.7]);
});

test('Adam and AdamW', () => {
  // m = 0.5, then 0.25 + 1 = 1.25; v = 0.25, then 0.1875 + 1 = 1.1875.
  const options = { lr: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0 };
  const second = 1.25 / 0.75 / Math.sqrt(1.1875 / 0.4375);
  isPath(path(adam(options), [1, 2]), [0.9, 0.9 - 0.1 * second]);
  isPath(path(adamW({ ...options, weightDecay: 0.5 }), [1, 2]), [0.85, 0.85 * 0.95 - 0.1 * second]);
  isPath(path(adam({ lr: 0.1, epsilon: 1 }), [1]), [0.95]);
  isPath(path(adam({ lr: 0.1, weightDecay: 1, epsilon: 1 }), [1]), [1 - 0.1 * (2 / 3)]);
});

test('RMSprop', () => {
  // The mean square is 0.25, then 0.1875 + 1 = 1.1875.
  const options = { lr: 0.1, alpha: 0.75, epsilon: 0 };
  const steps = [2, 2 / Math.sqrt(1.1875)] as const;
  isPath(path(rmsProp(options), [1, 2]), [0.8, 0.8 - 0.1 * steps[1]]);
  isPath(path(rmsProp({ ...options, momentum: 0.5 }), [1, 2]), [0.8, 0.8 - 0.1 * (1 + steps[1])]);
  // The mean is 0.25, and 0.25 - 0.0625 = 0.1875 is left.
  isPath(path(rmsProp({ ...options, centered: true }), [1]), [1 - 0.1 / Math.sqrt(0.1875)]);
});

test('Adagrad', () => {
  const options = { lr: 0.1, epsilon: 0 };
  isPath(path(adagrad(options), [3, 4]), [0.9, 0.82]);
  isPath(path(adagrad({ ...options, lrDecay: 1 }), [3, 4]), [0.9, 0.86]);
  isPath(path(adagrad({ ...options, initialAccumulator: 16 }), [3]), [0.94]);
});

test('Adadelta', () => {
  // The mean squares are 0.5 and 0.25 + 2 = 2.25; the first step √0.5 / √(0.5 + 0.5), squared 0.5.
  const first = Math.sqrt(0.5);
  const second = (Math.sqrt(0.25 + 0.5) / Math.sqrt(2.25 + 0.5)) * 2;
  const options = { lr: 0.5, rho: 0.5, epsilon: 0.5 };
  isPath(path(adadelta(options), [1, 2]), [1 - first / 2, 1 - (first + second) / 2]);
  isPath(path(adadelta({ lr: 1, rho: 0.5, epsilon: 0, weightDecay: 1 }), [1]), [1]);
});

test('Adamax', () => {
  // m = 0.5, then 1.25, of 0.5 and 0.75 corrected; the largest is 2, then 1.5.
  const options = { lr: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0 };
  isPath(path(adamax(options), [2, 1]), [0.9, 0.9 - (0.1 * 1) / 0.75 / 1.5]);
  isPath(path(adamax({ ...options, epsilon: 1 }), [2]), [1 - 0.2 / 3]);
  isPath(path(adamax({ ...options, epsilon: 1, weightDecay: 1 }), [2]), [1 - 0.3 / 4]);
});

test('NAdam', () => {
  // Without a decay of the momentum's deficit it is 0.5 · 0.5 at all steps: means 0.5, then 1.25.
  const options = { lr: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0, momentumDecay: 0 };
  const first = (0.25 * 0.5) / (1 - 0.25 ** 2) + 1;
  const second = (0.25 * 1.25) / (1 - 0.25 ** 3) + (0.75 * 2) / (1 - 0.25 ** 2);
  const spread = Math.sqrt(1.1875 / 0.4375);
  isPath(path(nadam(options), [1, 2]), [
    1 - 0.1 * first,
    1 - 0.1 * first - (0.1 * second) / spread,
  ]);
  // The gradient is 1 + 1 with decay in it, and the weight halves without.
  const decay = { ...options, weightDecay: 1, epsilon: 2 };
  isPath(path(nadam(decay), [1]), [1 - (0.1 * first * 2) / 4]);
  const decoupled = { ...decay, lr: 0.5, decoupledWeightDecay: true };
  isPath(path(nadam(decoupled), [1]), [0.5 - (0.5 * first) / 3]);
  // The deficit is gone at once where it decays by much: no gradient enters the first step but by the mean.
  isPath(path(nadam({ ...options, momentumDecay: 1e4 }), [1]), [
    1 - 0.1 * ((0.5 * 0.5) / (1 - 0.25) + 1),
  ]);
});

test('RAdam', () => {
  // With beta2 = 0.75 no variance is worth more than 7 gradients; the first four steps have less than 5.
  const options = { lr: 0.1, beta1: 0, beta2: 0.75, epsilon: 0 };
  const rho = (t: number) => 7 - (2 * t * 0.75 ** t) / (1 - 0.75 ** t);
  const t = [1, 2, 3, 4, 5, 6, 7, 8].find((at) => rho(at) > 5)!;
  const plain = Array.from({ length: t - 1 }, (_, i) => 1 - 0.1 * (i + 1));
  const r = Math.sqrt(((rho(t) - 4) * (rho(t) - 2) * 7) / (3 * 5 * rho(t)));
  isPath(path(radam(options), Array(t).fill(1)), [...plain, plain.at(-1)! - 0.1 * r]);
  isPath(path(radam({ ...options, weightDecay: 0.5 }), [1]), [0.85]);
  isPath(path(radam({ ...options, weightDecay: 0.5, decoupledWeightDecay: true }), [1]), [0.85]);
});

test('LAMB', () => {
  // Both directions are (1, 1) / (1 + 1), of norm √½; the parameters have norms 5 and 0.
  const parameters = [new Float64Array([3, 4]), new Float64Array([0, 0])];
  const gradients = parameters.map(() => new Float64Array([1, 1]));
  lamb({ lr: 0.1, epsilon: 1, weightDecay: 0, alwaysAdapt: true }).step(parameters, gradients);
  const step = (0.1 * 0.5 * 5) / Math.SQRT1_2;
  isPath([...parameters[0]!, ...parameters[1]!], [3 - step, 4 - step, -0.05, -0.05]);
  isPath(path(lamb({ lr: 0.1, epsilon: 1, weightDecay: 0 }), [1]), [0.95]);
  isPath(path(lamb({ lr: 0.1, epsilon: 1, weightDecay: 0.5 }), [1, 1]), [0.9, 0.81]);
});

test('LARS', () => {
  // The norms are 5 and 10: 0.5 · 5 / (10 + 2 · 5) = 1/8 of the slopes 6 + 6 and 8 + 8, and of none 1.
  const parameters = [new Float64Array([3, 4]), new Float64Array([0])];
  const gradients = [new Float64Array([6, 8]), new Float64Array([2])];
  lars({ lr: 0.1, weightDecay: 2, trustCoefficient: 0.5 }).step(parameters, gradients);
  isPath([...parameters[0]!, ...parameters[1]!], [3 - 0.15, 4 - 0.2, -0.2]);
  isPath(path(lars({ lr: 0.1, weightDecay: 0, momentum: 0.5 }), [1, 2]), [0.9, 0.65]);
});

test('Lion', () => {
  // The step is up where 0.5 · mean + 0.5 · gradient is below 0: with the mean of 1 it is not yet.
  const options = { lr: 0.1, beta1: 0.5, beta2: 0.5 };
  isPath(path(lion(options), [2, -0.5, -0.5]), [0.9, 0.8, 0.9]);
  isPath(path(lion({ ...options, weightDecay: 0.5 }), [2]), [0.85]);
});

test('a learning rate may change, and every parameter has its own state', () => {
  const optimizer = sgd({ lr: 1, momentum: 1 });
  const parameters = [new Float64Array([0, 0]), new Float64Array([0])];
  const gradients = [new Float64Array([1, 2]), new Float64Array([3])];
  optimizer.step(parameters, gradients);
  optimizer.lr = 0.5;
  optimizer.step(parameters, gradients);
  assert.equal(
    parameters.map((parameter) => [...parameter]),
    [[-2, -4], [-6]],
  );
});

test.run();
