import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  grad,
  ShapeError,
  type Tensor,
  tensor,
  Variable,
} from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('autograd: backward');

const numbers = async (x: unknown) => Array.from(await (x as AnyTensor).data());

test('leaves gradients with the variables behind a loss', async () => {
  const [w, b] = [new Variable(tensor([1, 2])), new Variable(tensor([3, 4]))];
  assert.is(w.gradient, undefined);
  w.value.mul(b.value).sum().backward();
  assert.equal(await numbers(w.gradient), [3, 4]);
  assert.equal(await numbers(b.gradient), [1, 2]);
});

test('adds to what is there', async () => {
  const w = new Variable(tensor([1, 2]));
  w.value.mul(3).sum().backward();
  w.value.mul(w.value).sum().backward();
  assert.equal(await numbers(w.gradient), [5, 7]);
  w.gradient = undefined;
  w.value.sum().backward();
  assert.equal(await numbers(w.gradient), [1, 1]);
});

test('takes in every read of a variable', async () => {
  const w = new Variable(tensor([1, 2]));
  const [first, second] = [w.value, w.value];
  first.mul(second).add(w.value).sum().backward();
  assert.equal(await numbers(w.gradient), [3, 5]);
});

test('leaves alone what is not trained', async () => {
  const [w, mean] = [
    new Variable(tensor([1, 2])),
    new Variable(tensor([1, 1]), { trainable: false }),
  ];
  w.value.sub(mean.value).square().sum().backward();
  assert.equal(await numbers(w.gradient), [0, 2]);
  assert.is(mean.gradient, undefined);
});

test('gradients end where a variable is read, computed or not', async () => {
  for (const isPending of [true, false]) {
    const [w, v] = [new Variable(tensor([1, 2])), new Variable(tensor([2, 2]))];
    w.assign(v.value.mul(3) as Tensor<[2]>);
    if (!isPending) await w.data();
    const loss = w.value.mul(v.value).sum();
    loss.backward();
    const what = isPending ? 'pending' : 'computed';
    assert.is(await loss.item(), 24, what);
    assert.equal(await numbers(w.gradient), [2, 2], what);
    assert.equal(await numbers(v.gradient), [6, 6], what);
    const [dw, dv] = grad(loss, [w, v]);
    assert.equal(await numbers(dw), [2, 2], what);
    assert.equal(await numbers(dv), [6, 6], what);
  }
});

test('descending by hand, without ever waiting', async () => {
  // Σ w²: each step w ← w − 0.1 · 2w takes a fifth off.
  const w = new Variable(tensor([1, -2]));
  for (let step = 0; step < 3; step++) {
    w.value.square().sum().backward();
    w.assign(w.value.sub((w.gradient as Tensor<[2]>).mul(0.1)) as Tensor<[2]>);
    w.gradient = undefined;
  }
  const result = await numbers(w);
  assert.ok(Math.abs(result[0]! - 0.8 ** 3) < 1e-6, `${result}`);
  assert.ok(Math.abs(result[1]! + 2 * 0.8 ** 3) < 1e-6, `${result}`);
});

test('needs a scalar', () => {
  const w = new Variable(tensor([1, 2]));
  refuses(() => w.value.backward(), ShapeError, /^grad: .*\[2\] needs a scalar/);
});

test.run();
