import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  device,
  optim,
  realize,
  StaleTensorError,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';

// Optimizers lay out the variables they share each in its own way: no value is lost on the moves.

const test = suite('optimizers that share variables');

test.before(async () => {
  await device();
});

const numbers = async (x: { data(): Promise<ArrayLike<number>> }) => Array.from(await x.data());
const close = (actual: readonly number[], expected: readonly number[]) => {
  assert.is(actual.length, expected.length);
  assert.ok(
    actual.every((x, i) => Math.abs(x - expected[i]!) < 1e-5),
    `${actual}`,
  );
};
const three = () =>
  [[1, 2], [3, 4, 5], [6]].map((values, i) => {
    const data = Float32Array.from(values);
    return new Variable(tensor(data, [data.length]), { name: `v${i}` }) as AnyVariable;
  }) as [AnyVariable, AnyVariable, AnyVariable];
const sum = (...variables: readonly AnyVariable[]) =>
  variables
    .map(({ value }) => (value as AnyTensor).square().sum() as AnyTensor)
    .reduce((a, b) => a.add(b));
const keep = (optimizer: optim.Optimizer) => optimizer.setMoments(optimizer.moments());

test('restoring moments moves variables without replacing them', async () => {
  for (const isRead of [false, true]) {
    const [a, b, c] = three();
    if (isRead) await realize(a.value, b.value, c.value);
    const doubled = (b.value as AnyTensor).mul(2);
    for (const variables of [[a, b], [b, c], [c, b, a], [b]]) keep(optim.adam(variables));
    assert.equal(await numbers(doubled), [6, 8, 10]);
    assert.equal(await Promise.all([a, b, c].map(numbers)), [[1, 2], [3, 4, 5], [6]]);
  }
});

test('overlapping sets, in turn', async () => {
  const [a, b, c] = three();
  const first = optim.sgd([a, b], { lr: 0.25 });
  const second = optim.sgd([c, b], { lr: 0.25, momentum: 0.5 });
  await first.step(sum(a, b)); // halves a and b
  await second.step(sum(b, c)); // halves b and c
  keep(first);
  await first.step(sum(b)); // halves b
  keep(second);
  await realize();
  // The velocities are the last gradients: 2 b and 2 c of then.
  close(await numbers(a), [0.5, 1]);
  close(await numbers(b), [3 / 8, 0.5, 5 / 8]);
  close(await numbers(c), [3]);
  const velocity = Object.fromEntries(
    second.moments().map(({ variable, value }) => [variable.name, value]),
  );
  close(await numbers(velocity.v1!), [3, 4, 5]);
  close(await numbers(velocity.v2!), [12]);
});

test('in turn and without waiting', async () => {
  const [a, b, c] = three();
  const optimizers = [optim.sgd([a, b], { lr: 0.25 }), optim.sgd([c, b], { lr: 0.25 })];
  const running: Promise<unknown>[] = [];
  for (let round = 0; round < 6; round++) {
    running.push(optimizers[round % 2]!.step(sum(a, b, c)));
    if (round === 3) b.assign((b.value as AnyTensor).mul(64));
  }
  await Promise.all(running);
  close(await numbers(a), [1 / 8, 2 / 8]);
  close(await numbers(b), [3, 4, 5]);
  close(await numbers(c), [6 / 8]);
});

test('what is asked for after a step on an assigned weight sees the step', async () => {
  const [a] = three();
  const optimizer = optim.sgd([a], { lr: 0.25 });
  a.assign(tensor([8, 16]) as AnyTensor);
  const stepped = optimizer.step(sum(a));
  const [seen, doubled] = [a.data(), (a.value as AnyTensor).mul(2).data()];
  a.assign(tensor([1, 1]) as AnyTensor);
  await stepped;
  assert.equal([...(await seen)], [4, 8]);
  assert.equal([...(await doubled)], [8, 16]);
  assert.equal(await numbers(a), [1, 1]);
});

test('a variable and moments made from others take what they hold then', async () => {
  const [a, b] = three();
  const average = new Variable((a.value as AnyTensor).mul(10), { trainable: false });
  const [first, second] = [optim.sgd([a], { lr: 0.25, momentum: 0.5 }), optim.adam([b])];
  await first.step(sum(a));
  const later = optim.sgd([a], { lr: 0.25, momentum: 0.5 });
  later.setMoments(first.moments());
  await first.step(sum(a));
  keep(second);
  assert.equal(await numbers(average), [10, 20]);
  close(await numbers(later.moments()[0]!.value), [2, 4]);
  const copy = new Variable(average.value);
  average.assign(zeros([2]) as AnyTensor);
  optim.adam([copy]).setMoments(optim.adam([copy]).moments());
  assert.equal(await numbers(average), [0, 0]);
  assert.equal(await numbers(copy), [10, 20]);
});

test('two players: what the first has learnt makes a loss built before stale', async () => {
  const [maker, judge] = three();
  const score = (maker.value as AnyTensor).sum().mul((judge.value as AnyTensor).sum());
  await optim.sgd([judge], { lr: 0.1 }).step(score.neg());
  await rejects(() => optim.sgd([maker]).step(score), StaleTensorError, /'v1'/);
  assert.equal(await numbers(maker), [1, 2]);
});

test.run();
