import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  device,
  nn,
  ones,
  realize,
  ShapeError,
  StaleTensorError,
  type Tensor,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { refuses, rejects } from './refusal.ts';

const test = suite('tensor: variables');

const numbers = async (x: { data(): Promise<ArrayLike<number>> }) => Array.from(await x.data());

test('starts with its first value, computed when it is needed', async () => {
  const w = new Variable(ones([2]).mul(3), { name: 'w' });
  assert.equal(await numbers(w), [3, 3]);
  assert.equal(await numbers(w.value.add(1)), [4, 4]);
  assert.is(String(w), "Variable 'w' f32[2]");
  assert.is(w.trainable, true);
  assert.is(w.size, 2);
});

test('without new says what to write; with it, by whatever name, it is the same class', () => {
  const called: unknown = Variable;
  refuses(() => (called as (x: AnyTensor) => unknown)(ones([2])), ArgumentError, /new Variable\(/);
  class Own extends Variable {}
  const own = new Own(ones([2]), { name: 'own' });
  assert.instance(own, Own);
  assert.instance(own, Variable);
  assert.instance(nn.dense(1).build([2]).variables[0], Variable);
});

test('a first value may come from another variable', async () => {
  const a = new Variable(tensor([1, 2]));
  const b = new Variable(a.value.mul(10));
  assert.equal(await numbers(b), [10, 20]);
});

test('reads see what was assigned, in the order of the program', async () => {
  const w = new Variable(tensor([1, 2]));
  const before = w.value.mul(1);
  w.assign(w.value.add(10) as Tensor<[2]>);
  const after = w.value.mul(1);
  w.assign(w.value.mul(2) as Tensor<[2]>);
  assert.equal(await numbers(w.value.mul(1)), [22, 24]);
  assert.equal(await numbers(w), [22, 24]);
  await rejects(() => before.data(), StaleTensorError, /variable 'variable'.*[Rr]ealise it/);
  await rejects(() => after.data(), StaleTensorError, /./);
});

test('values asked for together with the assignment are those before it', async () => {
  const w = new Variable(tensor([1, 2]));
  const before = w.value.mul(3);
  w.assign(w.value.add(1) as Tensor<[2]>);
  const after = w.value.mul(3);
  await realize(before, after);
  assert.equal(await numbers(before), [3, 6]);
  assert.equal(await numbers(after), [6, 9]);
});

test('a value realised in time stays', async () => {
  const w = new Variable(tensor([1, 2]));
  const old = await w.value.mul(3).realize();
  w.assign(tensor([7, 7]) as Tensor<[2]>);
  assert.equal(await numbers(w), [7, 7]);
  assert.equal(await numbers(old), [3, 6]);
  assert.equal(await numbers(old.add(1)), [4, 7]);
});

test('a stale read throws, before and after other work', async () => {
  const w = new Variable(tensor([1, 2]), { name: 'weight' });
  await w.data();
  const old = w.value;
  const built = old.add(1);
  w.assign(zeros([2]));
  await w.data();
  await rejects(() => built.data(), StaleTensorError, /variable 'weight'/);
  await rejects(() => old.data(), StaleTensorError, /variable 'weight'/);
  await rejects(() => built.mul(2).sum().item(), StaleTensorError, /variable 'weight'/);
  assert.equal(await numbers(w.value.add(1)), [1, 1]);
});

test('two variables swap', async () => {
  const [a, b] = [new Variable(tensor([1, 2])), new Variable(tensor([3, 4]))];
  const [x, y] = [a.value, b.value];
  a.assign(y);
  b.assign(x);
  assert.equal(await numbers(a), [3, 4]);
  assert.equal(await numbers(b), [1, 2]);
  const [p, q] = [a.value, b.value];
  a.assign(q);
  b.assign(p);
  assert.equal(await numbers(a), [1, 2]);
  assert.equal(await numbers(b), [3, 4]);
});

test('a variable reversed in place', async () => {
  const w = new Variable(tensor([1, 2, 3, 4, 5]));
  await w.data();
  w.assign(w.value.flip());
  assert.equal(await numbers(w), [5, 4, 3, 2, 1]);
});

test('whatever is computed next performs what is pending', async () => {
  const [a, b] = [new Variable(tensor([1])), new Variable(tensor([5]))];
  await realize(a.value, b.value);
  await numbers(a);
  const { counters } = await device();
  a.assign(a.value.add(1) as Tensor<[1]>);
  b.assign(b.value.add(a.value) as Tensor<[1]>);
  const before = counters.submits;
  await tensor([1]).add(1).realize();
  assert.is(counters.submits - before, 1);
  assert.equal(await numbers(a), [2]);
  assert.equal(await numbers(b), [7]);
});

test('what was built from the assigned value outlives its computation', async () => {
  const w = new Variable(tensor([1, 2]));
  w.assign(w.value.add(1) as Tensor<[2]>);
  const [value, tripled] = [w.value, w.value.mul(3)];
  await tensor([1]).add(2).realize();
  assert.equal(await numbers(tripled), [6, 9]);
  assert.equal(await numbers(value), [2, 3]);
  await value.realize();
  w.assign(zeros([2]));
  await w.data();
  await rejects(() => value.add(1).data(), StaleTensorError, /./);
});

test('realising the value assigned takes no memory of its own', async () => {
  const w = new Variable(zeros([5000]));
  await w.data();
  w.assign(w.value.add(1));
  await w.value.realize();
  const { counters } = await device();
  const before = counters.buffersCreated;
  for (let i = 0; i < 3; i++) {
    w.assign(w.value.add(1));
    await w.value.realize();
  }
  assert.is(counters.buffersCreated, before);
  assert.is((await w.data())[4999], 4);
});

test('counting up many times', async () => {
  const w = new Variable(zeros([3]), { trainable: false });
  for (let i = 0; i < 20; i++) {
    w.assign(w.value.add(1));
    if (i % 7 === 0) await w.value.realize();
  }
  assert.equal(await numbers(w), [20, 20, 20]);
  assert.is(w.trainable, false);
});

test('only the last of several assignments counts', async () => {
  const w = new Variable(zeros([2]));
  w.assign(ones([2]));
  w.assign(tensor([4, 5]) as Tensor<[2]>);
  assert.equal(await numbers(w), [4, 5]);
});

test('variables of whole numbers', async () => {
  const count = new Variable(tensor([1, 2], { dtype: 'i32' }));
  count.assign(count.value.add(5) as Tensor<[2], 'i32'>);
  assert.instance(await count.data(), Int32Array);
  assert.equal(await numbers(count), [6, 7]);
});

test('what cannot be assigned', () => {
  const w = new Variable(zeros([2, 3]), { name: 'kernel' }) as unknown as {
    assign(x: AnyTensor): void;
  };
  refuses(
    () => w.assign(zeros([3, 2])),
    ShapeError,
    /^assign: variable 'kernel' has shape \[2,3\], got \[3,2\]/,
  );
  refuses(
    () => w.assign(zeros([2, 3], { dtype: 'i32' })),
    DTypeError,
    /^assign: variable 'kernel' is f32, got i32/,
  );
});

test('reading does not wear a variable out', async () => {
  const w = new Variable(tensor([1, 2]));
  assert.equal(await numbers(w), await numbers(w));
  const x = w.value;
  assert.equal(await numbers(x), [1, 2]);
  w.assign(w.value.add(1) as Tensor<[2]>);
  assert.equal(await numbers(w), [2, 3]);
});

test.run();
