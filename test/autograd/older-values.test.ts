import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  grad,
  optim,
  realize,
  StaleTensorError,
  stopGradient,
  type Tensor,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { refuses, rejects } from '../tensor/refusal.ts';

// A loss may outlive the value it was built from: gradients are those at that value, or an error.

const test = suite('autograd: gradients at older values of variables');

const numbers = async (x: unknown) => Array.from(await (x as AnyTensor).data());
const close = (a: readonly number[], b: readonly number[]) =>
  assert.ok(a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) < 1e-6), `${a}`);
const pair = () => new Variable(tensor([1, 2]), { name: 'pair' });
const squares = (v: { readonly value: unknown }) => (v.value as AnyTensor).square().sum();
const zeroed = (optimizer: optim.Optimizer) =>
  optimizer.moments().map((moment) => ({ ...moment, value: zeros([2]) as AnyTensor }));

/** What may come between a loss and the use of its gradient, and what the variable is then. */
const events: Record<string, [happens: (v: Variable<[2]>) => unknown, after: number[]]> = {
  nothing: [() => {}, [1, 2]],
  'an assignment': [(v) => v.assign(tensor([5, 6])), [5, 6]],
  'another read': [(v) => v.value.add(1), [1, 2]],
  'moments restored': [
    (v) => {
      const adam = optim.adam([v]);
      adam.setMoments(zeroed(adam));
    },
    [1, 2],
  ],
  'a second optimizer': [
    (v) => {
      for (const optimizer of [optim.adam([v]), optim.sgd([v], { momentum: 0.5 })]) {
        optimizer.setMoments(zeroed(optimizer));
      }
    },
    [1, 2],
  ],
};

for (const [event, [happens, after]] of Object.entries(events)) {
  for (const isRead of [false, true]) {
    const when = `with ${event} in between, the variable ${isRead ? 'read' : 'new'} before`;
    const start = async () => {
      const v = pair();
      if (isRead) await v.data();
      const loss = squares(v);
      const [value, early] = [v.value, optim.sgd([v], { lr: 0.1 })];
      happens(v);
      return { v, loss, value, early };
    };

    test(`grad, backward and step agree ${when}`, async () => {
      const { v, loss, value } = await start();
      const [ofVariable, ofValue] = grad(loss, [v, value]);
      loss.backward();
      assert.equal(await numbers(ofVariable!.add(ofValue!).add(v.gradient!)), [6, 12]);
      for (const late of [false, true]) {
        const { v, loss, early } = await start();
        await (late ? optim.sgd([v], { lr: 0.1 }) : early).step(loss);
        close(await numbers(v.value), [after[0]! - 0.2, after[1]! - 0.4]);
        assert.is(await loss.item(), 5);
      }
    });
  }
}

test('of a value that is gone is an error, by whichever way', async () => {
  for (const replace of [
    async (v: Variable<[2]>) => {
      v.assign(tensor([5, 6]));
      await v.data();
    },
    async (v: Variable<[2]>) => optim.sgd([v]).step(v.value.sum()),
    async (v: Variable<[2]>) => {
      const other = new Variable(tensor([1, 2]));
      await optim.sgd([v, other]).step(squares(other));
    },
  ]) {
    const v = pair();
    const loss = squares(v);
    await replace(v);
    const present = await numbers(v.value);
    await rejects(() => grad(loss, [v])[0].data(), StaleTensorError, /'pair'/);
    const optimizer = optim.adam([v]);
    await rejects(() => optimizer.step(loss), StaleTensorError, /'pair'/);
    assert.is(optimizer.steps, 0);
    loss.backward();
    await rejects(() => optimizer.step(), StaleTensorError, /'pair'/);
    assert.equal(await numbers(v.value), present);
  }
});

test('that does not need the value outlives it', async () => {
  const v = pair();
  const loss = v.value.mul(3).sum();
  v.assign(tensor([5, 6]));
  await v.data();
  assert.equal(await numbers(grad(loss, [v])[0]), [3, 3]);
});

test('a loss built from two values of a variable has no one gradient', async () => {
  const v = pair();
  const old = v.value;
  v.assign(tensor([5, 7]));
  const loss = v.value.sub(old).square().sum();
  for (const use of [() => grad(loss, [v]), () => loss.backward()]) {
    refuses(use, StaleTensorError, /several values of variable 'pair'.*stopGradient/);
  }
  await rejects(() => optim.sgd([v]).step(loss), StaleTensorError, /several values/);
  const [before, after] = grad(loss, [old, v.value]);
  const fixed = v.value.sub(stopGradient(old)).square().sum();
  const through = v.value.sub(old.greater(1).cast('f32')).square().sum();
  const [ofFixed, ofThrough] = [grad(fixed, [v])[0], grad(through, [v])[0]];
  await realize(before, after, ofFixed, ofThrough);
  assert.equal(await Promise.all([before, after].map(numbers)), [
    [-8, -10],
    [8, 10],
  ]);
  assert.equal(await numbers(ofFixed), [8, 10]);
  assert.equal(await numbers(ofThrough), [10, 12]);
});

test('a value of the variable that the loss was not built from is refused', () => {
  const v = pair();
  const loss = squares(v);
  v.assign(tensor([5, 6]));
  refuses(() => grad(loss, [v.value]), StaleTensorError, /'pair' is not the one/);
  const other = pair();
  assert.equal(grad(loss, [other.value])[0].shape, [2]);
});

test('a loss that reaches no variable of the optimizer is refused by their names', async () => {
  const [v, other] = [pair(), new Variable(tensor([3, 4]), { name: 'other' })];
  for (const loss of [
    tensor(3),
    squares(other),
    squares(v).stopGradient(),
    v.value.greater(1).cast('f32').sum(),
  ]) {
    await rejects(
      () => optim.sgd([v], { weightDecay: 0.5 }).step(loss as AnyTensor),
      ArgumentError,
      /depends on none of the optimizer's 1 variables \('pair'\)/,
    );
  }
  assert.equal(await numbers(v.value), [1, 2]);
  await optim.sgd([v, other], { lr: 1 }).step(other.value.sum());
  assert.equal(
    [await numbers(v.value), await numbers(other.value)],
    [
      [1, 2],
      [2, 3],
    ],
  );
});

test('backward leaves alone what the gradient does not reach', () => {
  const [v, count] = [pair(), new Variable(tensor([0, 1], { dtype: 'i32' }))];
  v.value.gather(count.value).sum().backward();
  assert.is(count.gradient, undefined);
  assert.ok(v.gradient);
  const still = pair();
  still.value.stopGradient().sum().backward();
  assert.is(still.gradient, undefined);
});

test('what was computed before an update may be used behind stopGradient', async () => {
  const v = pair();
  const optimizer = optim.sgd([v], { lr: 0.5 });
  const before = squares(v) as Tensor<[]>;
  await optimizer.step(before);
  const loss = v.value
    .square()
    .sum()
    .add(v.value.sum().mul(stopGradient(before)));
  assert.equal(await numbers(grad(loss, [v])[0]), [5, 5]);
});

test.run();
