import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { adagrad, adam, adamW, type Optimizer, rmsProp, sgd } from './optimizers.ts';

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
