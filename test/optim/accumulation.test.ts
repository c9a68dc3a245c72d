import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { alone } from '../../src/distributed/connection.ts';
import { World } from '../../src/distributed.ts';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  compile,
  optim,
  ShapeError,
  tensor,
  Variable,
} from '../../src/index.ts';
import * as reference from '../reference/optimizers.ts';
import { rejects } from '../tensor/refusal.ts';
import { assertAgreement, gradientsOf, lossOf, parameters } from './quadratic.ts';

const test = suite('gradient accumulation');

/** Σ over steps of the gradients of the losses, the second of them divided by 3. */
const summed = (values: readonly Float64Array[], steps: readonly number[]) => {
  const gradients = steps.map((step) => gradientsOf(values, step));
  return values.map((own, i) =>
    own.map((_, at) => {
      const parts = gradients.map((gradient) => gradient[i]?.[at] as number);
      return parts.reduce((sum, part, k) => sum + (k === 1 ? part / 3 : part), 0);
    }),
  );
};

for (const [name, options] of Object.entries({
  plain: {},
  'clipped in norm and value': { clipNorm: 1e9, clipValue: 1e9 },
  scaled: { lossScale: { initial: 1024 } },
})) {
  test(`steps are taken against the sum of what was accumulated, ${name}`, async () => {
    const { variables, values } = parameters();
    const optimizer = optim.adam(variables, { lr: 0.02, ...options });
    const expected = reference.adam({ lr: 0.02 });
    for (let step = 0; step < 9; step += 3) {
      await optimizer.accumulate(lossOf(variables, step));
      await optimizer.accumulate(lossOf(variables, step + 1).div(3));
      const last = step === 3 ? [step + 2] : [];
      await optimizer.step(...last.map((at) => lossOf(variables, at)));
      expected.step(values, summed(values, [step, step + 1, ...last]));
    }
    assert.is(optimizer.steps, 3);
    await assertAgreement(variables, values);
  });
}

test('it adds to what backward() has left', async () => {
  const v = new Variable(tensor([1, 2, 3])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 1 });
  await optimizer.accumulate(v.value.mul(2).sum());
  (v.value.mul(0.5).sum() as AnyTensor).backward();
  await optimizer.step();
  assert.equal([...(await v.data())], [-1.5, -0.5, 0.5]);
  await rejects(() => optimizer.step(), ArgumentError, /accumulate/);
});

test('a NaN goes with the step that has used it', async () => {
  const v = new Variable(tensor([1, 2])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 1, lossScale: { initial: 2 } });
  await optimizer.accumulate(v.value.mul(Number.NaN).sum());
  await optimizer.step(); // skipped, for the scale's sake
  await optimizer.accumulate(v.value.sum());
  await optimizer.step();
  assert.equal([...(await v.data())], [0, 1]);
});

test('a weight assigned by hand counts, and what is alongside can be read', async () => {
  const v = new Variable(tensor([1, 2])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 1 });
  v.assign(tensor([5, 6]));
  const [loss, twice] = [v.value.square().sum(), v.value.mul(2)];
  await optimizer.accumulate(loss, { alongside: [twice] });
  await optimizer.step();
  assert.equal([await loss.item(), ...(await twice.data())], [61, 10, 12]);
  assert.equal([...(await v.data())], [-5, -6]);
});

test('compiled functions go on as they would by themselves', async () => {
  const trained = async (wrap: <T extends (...given: never) => void>(work: T) => T) => {
    const v = new Variable(tensor([1, 2, 3])) as unknown as AnyVariable;
    const optimizer = optim.adam([v], { lr: 0.1 });
    const add = wrap((x: AnyTensor) => {
      optimizer.accumulate(v.value.mul(x).square().sum());
    });
    const step = wrap(() => {
      optimizer.step();
    });
    const both = wrap((x: AnyTensor) => {
      optimizer.accumulate(v.value.mul(x).sum());
      optimizer.step(v.value.add(x).square().sum());
    });
    for (let i = 0; i < 4; i++) {
      await add(tensor([i, 1, 2]));
      await add(tensor([2, i, 1]));
      await step();
      await both(tensor([i, 2, 1]));
      await both(tensor([1, 2, i]));
    }
    return { weights: [...(await v.data())], steps: optimizer.steps };
  };
  const plain = await trained((work) => work);
  const compiled = await trained((work) => compile(work as never) as never);
  assert.equal(compiled, plain);
  assert.is(plain.steps, 12);
});

test('gradients are what has been accumulated since the last step', async () => {
  const v = new Variable(tensor([1, 2]));
  const optimizer = optim.sgd([v]);
  const found = async () => optimizer.gradients()[0]?.array();
  assert.equal(await found(), [0, 0]);
  await optimizer.accumulate(v.value.square().sum());
  assert.equal(await found(), [2, 4]);
  await optimizer.step();
  assert.equal(await found(), [0, 0]);
});

test('nothing is added to the mean of all ranks, which is taken once', async () => {
  const two = new World({ ...alone, size: 2 });
  const v = new Variable(tensor([1, 2]));
  const optimizer = optim.sgd([v], { lr: 1 });
  await optimizer.accumulate(v.value.sum());
  await optimizer.average(two);
  const loss = v.value.sum();
  for (const more of [
    () => optimizer.average(two),
    () => optimizer.accumulate(loss),
    () => optimizer.step(loss),
    () => optimizer.apply([tensor([1, 1])]),
  ]) {
    await rejects(more, ArgumentError, /mean of all ranks already/);
  }
  await optimizer.step();
  assert.equal(await v.value.array(), [0.5, 1.5]);
  await optimizer.step(v.value.sum());
  assert.equal(await v.value.array(), [-0.5, 0.5]);
});

test('a step of several ranks that fails leaves nothing of what was summed up for it', async () => {
  const [v, other] = [new Variable(tensor([1, 2])), new Variable(tensor([1]))];
  const optimizer = optim.sgd([v, other], { lr: 1 });
  const lossOfAll = () => v.value.sum().add(other.value.sum());
  let meanwhile = async () => {};
  // On the CPU device the sum has begun beside the step, and is waited for.
  const sum = () => ({ isDone: () => false, wait: () => meanwhile() });
  const world = new World({ ...alone, size: 2, allReduce: () => meanwhile(), sum });
  const fails = async (message: RegExp) => {
    await optimizer.accumulate(lossOfAll());
    await rejects(() => optimizer.step(lossOfAll(), { world }), Error, message);
    other.trainable = true;
    assert.is(optimizer.steps, 0);
    assert.equal(await optimizer.gradients()[0]?.array(), [0, 0]);
    assert.equal(await v.value.array(), [1, 2]);
  };
  meanwhile = () => Promise.reject(new Error('the way is gone'));
  await fails(/the way is gone/);
  meanwhile = async () => {
    other.trainable = false;
  };
  await fails(/^Variables have been frozen/);
  meanwhile = async () => {};
  await optimizer.step(lossOfAll(), { world });
  // The other rank has added nothing, and the mean is one of two.
  assert.equal(await v.value.array(), [0.5, 1.5]);
});

test('what a step within a compiled function throws is thrown by its call', async () => {
  const v = new Variable(tensor([1, 2]), { name: 'v' });
  const optimizer = optim.sgd([v]);
  const own = v.value.sum();
  const none = /depends on none of the optimizer's 1 variables \('v'\)/;
  const calls: readonly (readonly [(x: AnyTensor) => void, RegExp])[] = [
    [(x) => void optimizer.step(x.sum()), none],
    [(x) => void optimizer.accumulate(x.sum()), none],
    [() => void optimizer.apply([]), /has 1 variables, got 0 gradients/],
    [() => void optimizer.step(own, { alongside: 3 as never }), /^step: takes an array of tensors/],
  ];
  for (const [work, message] of calls) {
    await rejects(() => compile(work)(tensor([1, 2])), ArgumentError, message);
  }
  assert.is(optimizer.steps, 0);
  assert.equal(await v.value.array(), [1, 2]);
});

test('an accumulation that fails counts for nothing', async () => {
  const v = new Variable(tensor([1, 2])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 1 });
  await rejects(() => optimizer.accumulate(v.value), ShapeError, /scalar/);
  await rejects(() => optimizer.step(), ArgumentError, /no gradients/);
  assert.is(optimizer.steps, 0);
});

test.run();
