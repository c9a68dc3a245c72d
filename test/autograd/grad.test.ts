import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  batchNormInference,
  DTypeError,
  grad,
  ShapeError,
  StaleTensorError,
  stopGradient,
  type Tensor,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import type { NdArray } from '../reference/array.ts';
import { matMul as product } from '../reference/linear.ts';
import { logSoftmax } from '../reference/softmax.ts';
import { spread } from '../tensor/arbitraries.ts';
import { refuses } from '../tensor/refusal.ts';
import { assertGradients, assertSecondGradients } from './differentiation.ts';

const test = suite('autograd: grad');

const numbers = async (x: unknown) => Array.from(await (x as AnyTensor).data());

test('of a polynomial, again and again', async () => {
  const x = tensor(2);
  // x⁴: 4x³, 12x², 24x, 24, 0
  const y = x.mul(x).mul(x).mul(x);
  let d = y;
  for (const expected of [32, 48, 48, 24, 0]) {
    d = grad(d, [x])[0];
    assert.is(await d.item(), expected);
  }
});

test('what y does not depend on has gradient 0, in its shape', async () => {
  const [x, other] = [tensor([1, 2]), zeros([2, 3])];
  const [dx, none] = grad(x.sum(), [x, other]);
  assert.equal(await numbers(dx), [1, 1]);
  assert.equal(none.shape, [2, 3]);
  assert.equal(await numbers(none), [0, 0, 0, 0, 0, 0]);
});

test('of a tensor by itself is 1', async () => {
  const x = tensor(3);
  const [dx] = grad(x, [x]);
  assert.is(await dx.item(), 1);
});

test('with respect to what lies in the middle', async () => {
  const x = tensor([1, 2]);
  const h = x.mul(3);
  const [dh, dx] = grad(h.mul(h).sum(), [h, x]);
  assert.equal(await numbers(dh), [6, 12]);
  assert.equal(await numbers(dx), [18, 36]);
});

test('paths that meet are summed', async () => {
  const x = tensor([2]);
  const a = x.mul(3);
  const y = a.add(a.mul(x)).add(x);
  const [dx] = grad(y.sum(), [x]);
  assert.equal(await numbers(dx), [3 + 2 * 3 * 2 + 1]);
});

test('what stands at two places of an op gets the gradient of both once', async () => {
  const fixed = { mean: tensor([1, 0]), variance: tensor([3, 0]) };
  const [x, both] = [tensor([[5, 2]]), tensor([2, 3])];
  // (x − mean) / √(variance + 1) · both + both
  const [d] = grad(batchNormInference(x, fixed, both, both, 1).sum(), [both]);
  assert.equal(await numbers(d), [3, 3]);
});

test('a deep chain does not overflow the stack', async () => {
  const x = tensor([1]);
  let y: AnyTensor = x;
  for (let i = 0; i < 3000; i++) y = y.add(x);
  const [dx] = grad(y.sum(), [x]);
  assert.equal(await numbers(dx), [3001]);
});

test('a seed stands for the gradient of y', async () => {
  const x = tensor([1, 2, 3]);
  const [dx] = grad(x.mul(x), [x], tensor([1, 10, 100]));
  assert.equal(await numbers(dx), [2, 40, 600]);
});

test('also after the value was computed', async () => {
  const x = tensor([1, 2]);
  const y = x.mul(x).sum();
  assert.is(await y.item(), 5);
  const [dx] = grad(y, [x]);
  assert.equal(await numbers(dx), [2, 4]);
});

test('with respect to variables', async () => {
  const w = new Variable(tensor([1, 2]));
  const loss = w.value.mul(w.value).sum();
  const [dw] = grad(loss, [w]);
  assert.equal(dw.shape, [2]);
  assert.equal(await numbers(dw), [2, 4]);
});

test('of a loss realised with the update', async () => {
  const w = new Variable(tensor([1, 2]));
  const loss = w.value.mul(w.value).sum();
  w.assign(w.value.add(1) as Tensor<[2]>);
  await loss.realize();
  refuses(() => grad(loss, [w]), StaleTensorError, /^grad: .*computed before its variables/);
});

test('stopGradient passes the value and no gradient', async () => {
  const x = tensor([1, 2]);
  const y = x.mul(stopGradient(x)).sum();
  assert.is(await y.item(), 5);
  const [dx] = grad(y, [x]);
  assert.equal(await numbers(dx), [1, 2]);
  const [none] = grad(x.stopGradient().sum(), [x]);
  assert.equal(await numbers(none), [0, 0]);
});

test('whole numbers are refused', () => {
  const whole = tensor([1, 2], { dtype: 'i32' });
  refuses(() => grad(whole.sum(), [tensor(1)]), DTypeError, /^grad takes f32, got i32/);
  refuses(() => grad(tensor(1), [whole]), DTypeError, /^grad takes f32 or f16, got i32\[2\]/);
});

test('what is no scalar needs a seed of its shape', () => {
  const x = tensor([1, 2]);
  refuses(() => grad(x, [x]), ShapeError, /^grad: .*\[2\] needs a scalar.*Reduce it first/);
  refuses(() => grad(x, [x], tensor([1])), ShapeError, /^grad: the seed \[1\].*\[2\]/);
});

test('a small network, twice', async () => {
  // Two layers with everything in between: views, broadcasts, a softmax.
  const subject = {
    name: 'network',
    f: (x: Tensor, w: Tensor, b: Tensor) => {
      const hidden = x.matMul(w).add(b).tanh();
      return hidden.matMul(hidden.transpose()).softmax().log();
    },
    reference: (x: NdArray, w: NdArray, b: NdArray) => {
      const hidden = product(x, w)
        .zip(b, (p, q) => p + q)
        .map(Math.tanh);
      return logSoftmax(product(hidden, hidden.transpose()));
    },
    inputs: [spread([3, 4], 1, [-1, 1]), spread([4, 5], 2, [-1, 1]), spread([5], 3, [-1, 1])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test.run();
