import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  compile,
  device,
  nn,
  optim,
  tensor,
  Variable,
} from '../../src/index.ts';
import { refuses, rejects } from '../tensor/refusal.ts';

const test = suite('averages of weights');

const weights = () =>
  [tensor([1, -2]), tensor([[3]])].map((value, i) => {
    return new Variable(value as AnyTensor, { name: `v${i}` }) as unknown as AnyVariable;
  });
const valuesOf = async (variables: Iterable<AnyVariable>) =>
  (await Promise.all([...variables].map((v) => v.data()))).flatMap((data) => [...data]);
const near = (actual: readonly number[], expected: readonly number[]) => {
  assert.is(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] as number)) < 1e-5, `${actual}, not ${expected}`);
  });
};

/** Steps of 1 downwards, each with an update; what the averages are, and should be, after each. */
async function trained(
  averages: optim.WeightAverages,
  optimizer: optim.Optimizer,
  share: (n: number) => number,
  update: () => unknown = () => averages.update(),
) {
  let expected = [0, 0, 0];
  for (let step = 0; step < 5; step++) {
    const loss = optimizer.variables.map(({ value }) => (value as AnyTensor).sum());
    await optimizer.step(loss.reduce((a, b) => a.add(b)));
    await update();
    const now = [1, -2, 3].map((start) => start - step - 1);
    expected = expected.map((own, i) => own + ((now[i] as number) - own) * share(step));
    near(await valuesOf(averages.averages.values()), expected);
  }
  return expected;
}

for (const [name, make, share] of [
  ['ema', (v: AnyVariable[]) => optim.ema(v, { decay: 0.75 }), (n: number) => (n ? 0.25 : 1)],
  ['averaged', (v: AnyVariable[]) => optim.averaged(v), (n: number) => 1 / (n + 1)],
] as const) {
  test(`${name} follows its formula, compiled too, and swaps in and out`, async () => {
    for (const wrap of [(work: () => void) => work, compile]) {
      const variables = weights();
      const averages = make(variables);
      const optimizer = optim.sgd(variables, { lr: 1 });
      const update = wrap(() => averages.update());
      const expected = await trained(averages, optimizer, share, update);
      assert.is(averages.updates, 5);
      near(await averages.apply(() => valuesOf(variables)), expected);
      near(await valuesOf(variables), [-4, -7, -2]);
      await rejects(() => averages.apply(() => Promise.reject(new Error('no'))), Error, /no/);
      near(await valuesOf(variables), [-4, -7, -2]);
      near(await valuesOf(averages.averages.values()), expected);
    }
  });
}

test('an update is one dispatch for all weights of an optimizer', async () => {
  const model = nn.sequential([nn.dense(3), nn.dense(4), nn.dense(2)]).build([5]);
  const optimizer = optim.adam(model.variables);
  const averages = optim.ema(model.variables);
  const step = async () => {
    await optimizer.step(model.forward(tensor([[1, 2, 3, 4, 5]])).sum());
    averages.update();
  };
  for (let i = 0; i < 3; i++) await step();
  const count = async (work: () => Promise<unknown>) => {
    const { counters } = await device();
    const before = counters.dispatches;
    await work();
    return counters.dispatches - before;
  };
  const with_ = await count(step);
  const without = await count(() => optimizer.step(model.forward(tensor([[1, 2, 3, 4, 5]])).sum()));
  const then = await count(() => optimizer.step(model.forward(tensor([[1, 2, 3, 4, 5]])).sum()));
  assert.is(without, with_, 'the update of the step before is computed with it');
  assert.is(then, without - 1);
});

test('what is not trained is left out, and what makes no sense refused', () => {
  const model = nn.sequential([nn.batchNorm()]).build([3]);
  const averages = optim.ema(model.variables);
  assert.equal([...averages.averages.keys()], model.trainableVariables);
  refuses(() => averages.swap(), ArgumentError, /update/);
  refuses(() => optim.ema([]), ArgumentError, /built/);
  refuses(() => optim.ema(weights(), { decay: 1 }), ArgumentError, /decay/);
  refuses(() => optim.averaged([3] as never), ArgumentError, /averaged/);
});

test.run();
