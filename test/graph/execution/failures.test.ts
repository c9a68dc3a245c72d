import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  closeDevice,
  DeviceError,
  device,
  OutOfMemoryError,
  ones,
  optim,
  realize,
  type Tensor,
  tensor,
  Variable,
} from '../../../src/index.ts';
import { apply, type Op } from '../../../src/tensor/op.ts';

test.before(async () => {
  await device();
});

async function failure(work: () => Promise<unknown>): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const wide = (...values: number[]) => tensor(Float32Array.from(values), [values.length]);
const numbers = async (x: { data(): Promise<ArrayLike<number>> }) => Array.from(await x.data());

/** An op whose kernel does not compile. */
const broken: Op = {
  name: 'broken',
  lowering: { kind: 'elementwise', wgsl: ([x]) => `no_such_function(${x})` },
};
const breakDown = (x: unknown) =>
  apply(broken, [x as AnyTensor], { shape: (x as AnyTensor).shape, dtype: 'f32' }) as AnyTensor;

test('a tensor over the limit is refused by op and shape', async () => {
  const error = await failure(() => (ones([60_000, 30_000]) as AnyTensor).exp().realize());
  assert.instance(error, OutOfMemoryError);
  assert.match(error.message, /result of exp, f32\[60000,30000\], takes 7200000000 bytes/);
  assert.match(error.message, /smaller batch/);
});

test('host data over the limit is refused by shape', async () => {
  const { maxBindingBytes } = (await device()).limits;
  if (maxBindingBytes > 2 ** 28) return;
  const bytes = tensor(new Uint8Array(maxBindingBytes + 16), [maxBindingBytes + 16]);
  const error = await failure(() => (bytes.cast('f32') as AnyTensor).sum().data());
  assert.instance(error, OutOfMemoryError);
  assert.match(error.message, new RegExp(`\\[${maxBindingBytes + 16}\\], takes`));
});

test('a failed computation leaves no half-made values, and what comes next works', async () => {
  const good = wide(1, 2).mul(2);
  const bad = breakDown(good);
  const error = await failure(() => realize(good, bad));
  assert.instance(error, DeviceError);
  assert.match(error.message, /Kernel \w*broken does not compile/);
  assert.match(error.message, /\d+:\d+ error: .*no_such_function/);
  assert.instance(await failure(() => bad.data()), DeviceError);
  assert.equal(await numbers(good), [2, 4]);
});

test('a computation that was queued behind its failed equal fails for the same reason', async () => {
  const results = await Promise.allSettled([breakDown(wide(1)).data(), breakDown(wide(2)).data()]);
  for (const result of results) {
    assert.is(result.status, 'rejected');
    assert.match(String((result as PromiseRejectedResult).reason), /does not compile/);
  }
});

test('a variable whose first value cannot be computed says so every time', async () => {
  const variable = new Variable(breakDown(wide(1, 2)));
  for (let i = 0; i < 2; i++) {
    assert.match((await failure(() => variable.data())).message, /does not compile/);
  }
  variable.assign(wide(3, 4));
  await realize();
  assert.equal(await numbers(variable), [3, 4]);
});

test('a failure loses no assignment, and what was built before it holds', async () => {
  const [a, b, c] = [wide(1, 2), wide(3, 4), wide(5, 6)].map((x) => new Variable(x));
  const [before, swapped] = [a!.value.mul(10), b!.value];
  a!.assign(swapped);
  b!.assign(a!.value.mul(2));
  c!.assign(breakDown(wide(7, 8)) as ReturnType<typeof wide>);
  const assigned = b!.value.add(1);
  const error = await failure(() => realize(before, breakDown(wide(1))));
  assert.match(error.message, /does not compile/);
  assert.equal(await numbers(assigned), [7, 9]);
  assert.equal(await numbers(a!), [3, 4]);
  assert.equal(await numbers(b!), [6, 8]);
  // What cannot be computed has failed with it, and holds nobody up.
  assert.equal(await numbers(c!), [5, 6]);
});

test('what was queued behind a failure and needs its result fails for the same reason', async () => {
  const v = new Variable(wide(1, 2));
  await v.data();
  v.assign(breakDown(wide(3, 4)) as ReturnType<typeof wide>);
  const asked = [realize(), v.data(), v.value.add(1).data(), realize(v.value.mul(2))];
  for (const result of await Promise.allSettled(asked)) {
    assert.match(String((result as PromiseRejectedResult).reason), /does not compile/);
  }
  assert.equal(await numbers(v), [1, 2]);
});

test('a step that fails leaves weights, moments and count as they were', async () => {
  const v = new Variable(wide(1, 2));
  const optimizer = optim.sgd([v], { lr: 1, momentum: 0.5 });
  await optimizer.apply([wide(1, 1)]);
  const [value, loss] = [v.value.mul(2), v.value.sum()];
  const steps = [optimizer.apply([breakDown(wide(1, 1))]), optimizer.step(v.value.sum())];
  for (const result of await Promise.allSettled(steps)) assert.is(result.status, 'rejected');
  assert.is(optimizer.steps, 1);
  assert.equal(await numbers(value), [0, 2]);
  assert.equal(await numbers(optimizer.moments()[0]!.value), [1, 1]);
  await optimizer.step(loss);
  assert.equal(await numbers(v), [-1.5, -0.5]);
});

test('what lies on a closed device is an error, and a new device takes new work', async () => {
  const variable = new Variable(wide(1, 2));
  await variable.data();
  const realised = await wide(1, 2).mul(2).realize();
  const read = wide(3).mul(2);
  await read.data();
  closeDevice();
  assert.equal(await numbers(wide(1).add(1)), [2]);
  assert.equal(await numbers(read), [6], 'what was read lies on the host');
  for (const use of [
    () => variable.data(),
    () => variable.value.add(1).data(),
    () => realised.data(),
    () => realised.add(1).data(),
  ]) {
    const error = await failure(use);
    assert.instance(error, DeviceError);
    assert.match(error.message, /closed or replaced/);
  }
  // What replaces all of a value brings the variable to the new device.
  variable.assign(wide(5, 6));
  assert.equal(await numbers(wide(2).add(1)), [3]);
  assert.equal(await numbers(variable.value.mul(2)), [10, 12]);
});

test('closing while something is computed fails that, and nothing else', async () => {
  const pending = [wide(1, 2, 3).exp().data(), wide(1, 2).log().sum().data()];
  closeDevice();
  for (const result of await Promise.allSettled(pending)) {
    if (result.status === 'rejected') assert.instance(result.reason, DeviceError);
  }
  assert.equal(await numbers(wide(1).add(1)), [2]);
});

test('a step that failed is not counted, and the next is the first', async () => {
  const [v, other] = [new Variable(wide(1, -2)), new Variable(wide(1, -2))];
  const [adam, expected] = [optim.adam([v], { lr: 0.1 }), optim.adam([other], { lr: 0.1 })];
  const error = await failure(() =>
    adam.step(
      v.value
        .square()
        .add(breakDown(wide(0, 0)) as Tensor)
        .sum(),
    ),
  );
  assert.instance(error, DeviceError);
  assert.is(adam.steps, 0);
  await adam.step(v.value.square().sum());
  await expected.step(other.value.square().sum());
  assert.equal(await numbers(v), await numbers(other));
});

test.run();
