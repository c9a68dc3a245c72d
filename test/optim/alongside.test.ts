import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  optim,
  StaleTensorError,
  tensor,
  Variable,
} from '../../src/index.ts';
import { deviceCalls } from '../device/device-calls.ts';
import { rejects } from '../tensor/refusal.ts';

const test = suite('values alongside a step');

const weights = () => new Variable(tensor([1, 2, 3])) as unknown as AnyVariable;

test('they are those of the pass the step was taken on, in its submission', async () => {
  const v = weights();
  const optimizer = optim.sgd([v], { lr: 1 });
  const step = async () => {
    const [loss, half, count] = [v.value.sum(), v.value.div(2), v.value.greater(1)];
    await optimizer.step(loss, { alongside: [half, count] });
    return [loss, half, count];
  };
  for (const expected of [
    [6, 0.5, 1, 1.5, 0, 1, 1],
    [3, 0, 0.5, 1, 0, 0, 1],
  ]) {
    let read: AnyTensor[] = [];
    const { submits } = await deviceCalls(async () => {
      read = await step();
    });
    assert.ok(submits <= 2, `${submits} submissions`);
    const values = await Promise.all(read.map((one) => one.data()));
    assert.equal(
      values.flatMap((one) => [...one]),
      expected,
    );
  }
  const half = v.value.div(2);
  (v.value.sum() as AnyTensor).backward();
  await optimizer.step(undefined, { alongside: [half] });
  assert.equal([...(await half.data())], [-0.5, 0, 0.5]);
});

test('without it they are stale after the step, and the error says what to do', async () => {
  const v = weights();
  const half = v.value.div(2);
  await optim.sgd([v], { lr: 1 }).step(v.value.sum());
  await rejects(() => half.data(), StaleTensorError, /step\(loss, \{ alongside: \[t\] \}\)/);
});

test('what is no list of tensors is refused, and no step taken', async () => {
  const v = weights();
  const optimizer = optim.sgd([v]);
  for (const alongside of [v.value, [3], 'accuracy'] as never[]) {
    await rejects(() => optimizer.step(v.value.sum(), { alongside }), ArgumentError, /step/);
  }
  await rejects(() => optimizer.step(v.value.sum(), [v.value] as never), ArgumentError, /step/);
  assert.is(optimizer.steps, 0);
});

test.run();
