import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  device,
  nn,
  optim,
  random,
  tensor,
  Variable,
} from '../../src/index.ts';
import * as reference from '../reference/optimizers.ts';
import { rejects } from '../tensor/refusal.ts';
import { bitsOf, momentBitsOf } from '../train/small-training.ts';
import * as quadratic from './quadratic.ts';

// That frozen weights, moments and counts are right whatever the program is the subject of
// state-machine.test.ts as well.

const test = suite('optimizers and frozen variables');

const pair = () =>
  [tensor([1, -2]), tensor([3])].map(
    (start, i) => new Variable(start as AnyTensor, { name: ['a', 'b'][i]! }) as AnyVariable,
  ) as [AnyVariable, AnyVariable];

const lossOf = (variables: readonly AnyVariable[]): AnyTensor =>
  variables
    .map(({ value }) => (value as AnyTensor).sub(5).square().sum())
    .reduce((sum, term) => sum.add(term) as never) as AnyTensor;

const optimizers = {
  sgd: (v: optim.Variables) => optim.sgd(v, { lr: 0.01, momentum: 0.9, weightDecay: 0.1 }),
  adam: (v: optim.Variables) => optim.adam(v, { lr: 0.01, weightDecay: 0.1 }),
  adamW: (v: optim.Variables) => optim.adamW(v, { lr: 0.01, clipValue: 1 }),
  rmsprop: (v: optim.Variables) => optim.rmsprop(v, { momentum: 0.5 }),
  adagrad: (v: optim.Variables) => optim.adagrad(v),
  adadelta: (v: optim.Variables) => optim.adadelta(v, { weightDecay: 0.1 }),
  adamax: (v: optim.Variables) => optim.adamax(v, { lr: 0.01 }),
  nadam: (v: optim.Variables) => optim.nadam(v, { lr: 0.01 }),
  radam: (v: optim.Variables) => optim.radam(v, { lr: 0.01 }),
  lion: (v: optim.Variables) => optim.lion(v, { lr: 0.01, weightDecay: 0.1 }),
  lamb: (v: optim.Variables) => optim.lamb(v, { lr: 0.01, weightDecay: 0.1 }),
  lars: (v: optim.Variables) => optim.lars(v, { trustCoefficient: 0.1, nesterov: true }),
};

for (const [kind, create] of Object.entries(optimizers)) {
  test(`${kind}: a frozen weight neither decays nor moves on, and goes on as if it had waited`, async () => {
    const [[a, b], [alone]] = [pair(), pair()];
    const [optimizer, waiting] = [create([a, b]), create([alone])];
    for (let k = 0; k < 9; k++) {
      a.trainable = k < 3 || k >= 6;
      await optimizer.step(lossOf([a, b]));
      if (a.trainable) await waiting.step(lossOf([alone]));
      assert.equal(await a.data(), await alone.data(), `step ${k}`);
      const own = (await momentBitsOf(optimizer)).filter((_, i, all) => i < all.length / 2);
      assert.equal(own, await momentBitsOf(waiting));
    }
    assert.is(optimizer.steps, 9);
    assert.equal(
      optimizer.moments().map(({ missed }) => missed),
      optimizer.moments().map(({ variable }) => (variable === a ? 3 : 0)),
    );
  });
}

// Which of five variables are trained, step by step.
const plans = ['11111', '10111', '11000', '11111', '01101', '11111', '00100', '11011'];

const clipNorm = 4;
const [ofLamb, ofLars] = [{ lr: 0.05 }, { lr: 0.5, trustCoefficient: 0.1 }];
for (const [kind, create, expected] of [
  [
    'lamb',
    (v) => optim.lamb(v, { ...ofLamb, clipNorm }),
    (d) => reference.lamb({ ...ofLamb, ...d }),
  ],
  [
    'lars',
    (v) => optim.lars(v, { ...ofLars, clipNorm }),
    (d) => reference.lars({ ...ofLars, ...d }),
  ],
] as [
  string,
  (variables: optim.Variables) => optim.Optimizer,
  (decay: { weightDecay: number }) => reference.Optimizer,
][]) {
  test(`${kind}: norms are of each trained weight, and of gradients clipped by those alone`, async () => {
    const { variables, values } = quadratic.parameters();
    const decayOf = (i: number) => (i < 2 ? 0.2 : 0.05);
    const optimizer = create([
      { variables: variables.slice(0, 2), weightDecay: decayOf(0) },
      { variables: variables.slice(2), weightDecay: decayOf(3) },
    ]);
    const rules = values.map((_, i) => expected({ weightDecay: decayOf(i) }));
    for (const [k, plan] of [...plans, ...plans].entries()) {
      const isTrained = (_: unknown, i: number) => plan[i] === '1';
      for (const [i, variable] of variables.entries()) variable.trainable = isTrained(variable, i);
      const gradients = quadratic.gradientsOf(values, k);
      const trained = gradients.filter(isTrained).flatMap((gradient) => [...gradient]);
      const scale = Math.min(1, clipNorm / Math.hypot(...trained));
      await optimizer.step(quadratic.lossOf(variables, k));
      for (const [i, value] of values.entries()) {
        if (isTrained(value, i)) rules[i]!.step([value], [gradients[i]!.map((g) => g * scale)]);
      }
      await quadratic.assertAgreement(variables, values);
    }
  });
}

test('made before or after, of all variables or of those that are trained: the same bits', async () => {
  const run = async (when: 'before' | 'after' | 'of some') => {
    random.seed(3);
    const base = nn.sequential([nn.dense(4), nn.batchNorm()]);
    const model = nn.sequential([base, nn.dense(2)]).build([3]);
    const make = () => optim.adam(when === 'of some' ? model.trainableVariables : model.variables);
    let optimizer = make();
    base.trainable = false;
    if (when !== 'before') optimizer = make();
    for (let k = 0; k < 3; k++) {
      const y = model.forward(tensor([[k, 1, 2]]), { training: true });
      await optimizer.step(y.square().mean());
    }
    return bitsOf(model);
  };
  const before = await run('before');
  assert.equal(await run('after'), before);
  assert.equal(await run('of some'), before);
});

test('nothing is computed for what lies below the lowest trainable layer', async () => {
  const { counters } = await device();
  const dispatches = async (frozen: number) => {
    const layers = [nn.dense(8), nn.tanh(), nn.dense(8), nn.tanh(), nn.dense(2)];
    const model = nn.sequential(layers).build([3]);
    const optimizer = optim.adam(model.variables);
    for (const layer of layers.slice(0, frozen)) layer.trainable = false;
    const before = counters.dispatches;
    await optimizer.step(
      model
        .forward(tensor([[1, 2, 3]]), { training: true })
        .square()
        .mean(),
    );
    return counters.dispatches - before;
  };
  const [none, first, all] = [await dispatches(0), await dispatches(1), await dispatches(4)];
  assert.ok(all < first && first < none, `${all} < ${first} < ${none}`);
});

test('the norm of gradients is that of trained weights', async () => {
  const [a, b] = pair();
  const optimizer = optim.sgd([a, b], { lr: 1, clipNorm: 1 });
  a.trainable = false;
  await optimizer.step(lossOf([a, b]));
  assert.equal((await b.data()).map(Math.round), Float32Array.of(4));
});

test('groups keep their rates, and what backward leaves is of trained weights', async () => {
  const [a, b] = pair();
  const optimizer = optim.sgd([{ variables: [a], lr: 0.5 }, { variables: [b] }], { lr: 0.25 });
  b.trainable = false;
  lossOf([a, b]).backward();
  assert.is(b.gradient, undefined);
  await optimizer.step();
  b.trainable = true;
  await optimizer.step(lossOf([a, b]));
  assert.equal([...(await a.data()), ...(await b.data())], [5, 5, 4]);
  assert.equal(optimizer.variables, [a, b]);
});

test('gradients given for frozen weights are passed over', async () => {
  const [a, b] = pair();
  const optimizer = optim.sgd([a, b], { lr: 1 });
  a.trainable = false;
  await optimizer.apply([tensor([7, 7]) as AnyTensor, tensor([2]) as AnyTensor]);
  assert.equal([...(await a.data()), ...(await b.data())], [1, -2, 1]);
});

test('sums of gradients go with what was trained when they were begun', async () => {
  const [a, b] = pair();
  const optimizer = optim.sgd([a, b], { lr: 0.1 });
  a.trainable = false;
  for (let k = 0; k < 2; k++) await optimizer.accumulate(lossOf([a, b]));
  await optimizer.step();
  assert.equal([...(await a.data())], [1, -2]);
  assert.ok(Math.abs((await b.data())[0]! - 3.8) < 1e-6);
  await optimizer.accumulate(lossOf([a, b]));
  a.trainable = true;
  await rejects(() => optimizer.step(), ArgumentError, /accumulated. Call step\(\) before/);
  await rejects(() => optimizer.accumulate(lossOf([a])), ArgumentError, /Call step\(\) before/);
  a.trainable = false;
  await optimizer.step();
  a.trainable = true;
  await optimizer.accumulate(lossOf([a]));
  await optimizer.step();
  assert.ok(Math.abs((await a.data())[0]! - 1.8) < 1e-6);
});

test('a step with nothing to train says so', async () => {
  const [a, b] = pair();
  const optimizer = optim.sgd([a, b]);
  for (const { trainable } of [a, b]) assert.ok(trainable);
  a.trainable = false;
  await rejects(() => optimizer.step(lossOf([a])), ArgumentError, /1 trainable variables \('b'\)/);
  b.trainable = false;
  const calls = [
    () => optimizer.step(lossOf([a, b])),
    () => optimizer.step(),
    () => optimizer.accumulate(lossOf([a, b])),
    () => optimizer.apply([a.value, b.value] as AnyTensor[]),
  ];
  for (const call of calls) await rejects(call, ArgumentError, /All 2 variables .* are frozen/);
  assert.is(optimizer.steps, 0);
});

test('a frozen weight is its own average', async () => {
  const b = pair()[1];
  const start = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const a = new Variable(tensor([...start]) as AnyTensor) as AnyVariable;
  a.trainable = false;
  const averages = optim.ema([a, b], { decay: 0.9 }); // in f32, 0.9 x + 0.1 x is not always x
  const set = (value: number) => b.assign(tensor([value]) as never);
  for (let k = 0; k < 5; k++) {
    set(k);
    averages.update();
  }
  const of = async (variable: AnyVariable) => [...(await averages.averages.get(variable)!.data())];
  assert.equal(await of(a), [...start]);
  assert.is.not((await of(b))[0], 4);
  a.trainable = true;
  a.assign(tensor([...start].map((x) => x + 1)) as never);
  averages.update();
  const far = (await of(a)).map((x, i) => Math.abs(x - start[i]! - 0.1));
  assert.ok(Math.max(...far) < 1e-6);
});

test.run();
