import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  device,
  optim,
  realize,
  StaleTensorError,
  tensor,
  Variable,
  WgradError,
} from '../../../src/index.ts';

// A program means what it says in the order in which it is written, whether or not it waits for
// each promise before it goes on; from when a device is open.

test.before(async () => {
  await device();
});

const wide = (...values: number[]) => tensor(Float32Array.from(values), [values.length]);
const numbers = async (x: { data(): Promise<ArrayLike<number>> }) => Array.from(await x.data());

test('a variable read before a step gives the value before it', async () => {
  const v = new Variable(wide(1, 2, 3));
  const optimizer = optim.sgd([v], { lr: 1 });
  const before = v.data();
  const derived = v.value.mul(2).data();
  const stepped = optimizer.step(v.value.sum() as AnyTensor);
  const after = v.data();
  assert.equal(Array.from(await before), [1, 2, 3]);
  assert.equal(Array.from(await derived), [2, 4, 6]);
  assert.equal(Array.from(await after), [0, 1, 2]);
  await stepped;
});

test('an assignment that is under way goes where the variable was then', async () => {
  const v = new Variable(wide(1, 2, 3));
  v.assign(wide(5, 6, 7));
  const read = v.value.add(1).data();
  const stepped = optim.sgd([v], { lr: 1 }).step(v.value.sum() as AnyTensor);
  assert.equal(Array.from(await read), [6, 7, 8]);
  await stepped;
  assert.equal(await numbers(v), [4, 5, 6]);
});

test('steps that are not waited for are taken one after the other', async () => {
  const v = new Variable(wide(8, 8));
  const optimizer = optim.sgd([v], { lr: 0.25 });
  const steps = [];
  for (let i = 0; i < 4; i++) steps.push(optimizer.step(v.value.square().sum() as AnyTensor));
  await Promise.all(steps);
  assert.equal(await numbers(v), [0.5, 0.5]);
});

test('a tensor read while others are computed from it serves both', async () => {
  const x = (wide(1, 2, 3).mul(2) as AnyTensor).add(0.5);
  await x.realize();
  const [own, sum, more] = await Promise.all([x.data(), x.sum().data(), x.exp().log().data()]);
  assert.equal(Array.from(own), [2.5, 4.5, 6.5]);
  assert.equal(Array.from(sum), [13.5]);
  assert.ok(Math.abs((more[2] as number) - 6.5) < 1e-4);
});

test('a tensor disposed of while it is being read is still read', async () => {
  const x = wide(1, 2).mul(3);
  await x.realize();
  const reading = x.data();
  x.dispose();
  assert.equal(Array.from(await reading), [3, 6]);
});

test('a tensor used after dispose is an error that says so', async () => {
  const x = wide(1, 2).mul(3);
  await x.realize();
  x.dispose();
  for (const use of [() => x.data(), () => x.add(1).data()]) {
    try {
      await use();
      assert.unreachable();
    } catch (error) {
      assert.instance(error, WgradError);
      assert.match((error as Error).message, /dispose/);
    }
  }
});

test('what was built from an older value and is asked for too late is an error', async () => {
  const v = new Variable(wide(1, 2), { name: 'kernel' });
  const late = v.value.mul(2);
  const intime = v.value.mul(3);
  await intime.realize();
  v.assign(wide(3, 4));
  assert.equal(await numbers(late), [2, 4], 'the assignment had not been performed yet');
  const tooLate = late.mul(1).add(v.value);
  assert.equal(await numbers(tooLate), [5, 8]);
  const stale = v.value.mul(7);
  v.assign(wide(5, 6));
  await realize();
  assert.equal(await numbers(intime), [3, 6]);
  try {
    await stale.data();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, StaleTensorError);
    assert.match((error as Error).message, /'kernel'/);
  }
});

test('an error in what is asked for leaves assignments pending', async () => {
  const [v, w] = [new Variable(wide(1, 2)), new Variable(wide(1, 2))];
  const stale = v.value.mul(7);
  v.assign(wide(5, 6));
  await realize();
  w.assign(wide(8, 9));
  try {
    await stale.data();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, StaleTensorError);
  }
  assert.equal(await numbers(w), [8, 9]);
});

test('assignments are performed with whatever is computed next', async () => {
  const v = new Variable(wide(1, 2));
  v.assign(v.value.mul(2));
  v.assign(v.value.add(1));
  assert.equal(await numbers(wide(1).add(1)), [2]);
  assert.equal(await numbers(v), [3, 5]);
});

test('two variables may swap their values', async () => {
  const [v, w] = [new Variable(wide(1, 2)), new Variable(wide(3, 4))];
  const [a, b] = [v.value, w.value];
  v.assign(b);
  w.assign(a);
  await realize();
  assert.equal(
    [await numbers(v), await numbers(w)],
    [
      [3, 4],
      [1, 2],
    ],
  );
});

test('empty tensors are computed like others', async () => {
  const none = (wide(1, 2, 3) as AnyTensor).slice([1], [1]);
  assert.equal(await numbers(none.mul(2).exp()), []);
  assert.equal(await numbers(none.sum()), [0]);
});

test.run();
