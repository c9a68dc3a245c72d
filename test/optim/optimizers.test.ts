import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  DTypeError,
  nn,
  optim,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import type { Optimizer } from '../../src/optim/optimizer.ts';
import { scattered } from '../reference/check-gradient.ts';
import * as reference from '../reference/optimizers.ts';
import { assertAgreement, gradientsOf, lossOf, parameters } from './quadratic.ts';

type Rule = [
  name: string,
  create: (variables: readonly AnyVariable[]) => Optimizer,
  expected: reference.Optimizer,
];

const rules: Rule[] = [['sgd', (v) => optim.sgd(v, { lr: 0.02 }), reference.sgd({ lr: 0.02 })]];
for (const [name, options] of Object.entries({
  momentum: { lr: 0.02, momentum: 0.9 },
  nesterov: { lr: 0.01, momentum: 0.8, nesterov: true },
  decay: { lr: 0.02, weightDecay: 0.1 },
  dampening: { lr: 0.02, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 },
})) {
  rules.push([`sgd with ${name}`, (v) => optim.sgd(v, options), reference.sgd(options)]);
}
for (const [name, options] of Object.entries({
  defaults: { lr: 0.01 },
  'other betas': { lr: 0.02, beta1: 0.7, beta2: 0.95, epsilon: 1e-3 },
  decay: { lr: 0.01, weightDecay: 0.2 },
  amsgrad: { lr: 0.02, beta2: 0.6, amsgrad: true, weightDecay: 0.1 },
})) {
  rules.push([`adam with ${name}`, (v) => optim.adam(v, options), reference.adam(options)]);
  rules.push([`adamW with ${name}`, (v) => optim.adamW(v, options), reference.adamW(options)]);
}
for (const [name, options] of Object.entries({
  defaults: { lr: 0.01 },
  momentum: { lr: 0.005, alpha: 0.9, momentum: 0.7 },
  'a large epsilon': { lr: 0.005, alpha: 0.9, epsilon: 0.5 },
  centered: { lr: 0.005, alpha: 0.9, centered: true, epsilon: 1e-2 },
  everything: {
    lr: 0.003,
    alpha: 0.95,
    momentum: 0.5,
    centered: true,
    weightDecay: 0.05,
    epsilon: 1e-2,
  },
})) {
  rules.push([
    `rmsprop with ${name}`,
    (v) => optim.rmsprop(v, options),
    reference.rmsProp(options),
  ]);
}

for (const [name, options] of Object.entries({
  defaults: { lr: 0.1 },
  'rate decay': { lr: 0.2, lrDecay: 0.05, weightDecay: 0.1 },
  'initial accumulator': { lr: 0.3, initialAccumulator: 2, epsilon: 1e-3 },
  'a large epsilon': { lr: 0.3, epsilon: 0.5 },
})) {
  rules.push([
    `adagrad with ${name}`,
    (v) => optim.adagrad(v, options),
    reference.adagrad(options),
  ]);
}

for (const [name, options] of Object.entries({
  defaults: { lr: 1 },
  'another rho and decay': { lr: 0.5, rho: 0.6, epsilon: 1e-3, weightDecay: 0.1 },
})) {
  rules.push([
    `adadelta with ${name}`,
    (v) => optim.adadelta(v, options),
    reference.adadelta(options),
  ]);
}

for (const [name, options] of Object.entries({
  defaults: { lr: 0.01 },
  'other betas': { lr: 0.02, beta1: 0.7, beta2: 0.95, epsilon: 1e-3 },
  'a large epsilon': { lr: 0.02, beta2: 0.8, epsilon: 0.5 },
  decay: { lr: 0.01, weightDecay: 0.2 },
})) {
  const decoupled = { ...options, decoupledWeightDecay: true };
  const quick = { ...options, momentumDecay: 0.5 };
  rules.push([`adamax with ${name}`, (v) => optim.adamax(v, options), reference.adamax(options)]);
  rules.push([`nadam with ${name}`, (v) => optim.nadam(v, options), reference.nadam(options)]);
  rules.push([`quick nadam with ${name}`, (v) => optim.nadam(v, quick), reference.nadam(quick)]);
  rules.push([`radam with ${name}`, (v) => optim.radam(v, options), reference.radam(options)]);
  rules.push(
    [`nadam with ${name}, decoupled`, (v) => optim.nadam(v, decoupled), reference.nadam(decoupled)],
    [`radam with ${name}, decoupled`, (v) => optim.radam(v, decoupled), reference.radam(decoupled)],
  );
}

for (const [name, options] of Object.entries({
  defaults: { lr: 0.01 },
  'other betas and decay': { lr: 0.02, beta1: 0.8, beta2: 0.9, weightDecay: 0.1 },
})) {
  const always = { ...options, alwaysAdapt: true, weightDecay: 0 };
  rules.push([`lamb with ${name}`, (v) => optim.lamb(v, options), reference.lamb(options)]);
  rules.push([
    `lamb with ${name}, always adapting`,
    (v) => optim.lamb(v, always),
    reference.lamb(always),
  ]);
  rules.push([`lion with ${name}`, (v) => optim.lion(v, options), reference.lion(options)]);
}

for (const [name, options] of Object.entries({
  defaults: { lr: 1 },
  nesterov: { lr: 0.5, momentum: 0.7, nesterov: true, trustCoefficient: 0.01, weightDecay: 0.5 },
  'no decay': { lr: 0.01, weightDecay: 0 },
  'norms without decay': { lr: 1, weightDecay: 0, trustCoefficient: 0.02, alwaysAdapt: true },
})) {
  rules.push([`lars with ${name}`, (v) => optim.lars(v, options), reference.lars(options)]);
}

for (const [name, create, expected] of rules) {
  test(`50 steps of ${name} end where f64 ends`, async () => {
    const { variables, values } = parameters();
    const optimizer = create(variables);
    const lr = optimizer.lr;
    for (let step = 0; step < 50; step++) {
      optimizer.lr = expected.lr = lr / (1 + step / 20);
      await optimizer.step(lossOf(variables, step));
      expected.step(values, gradientsOf(values, step));
    }
    assert.is(optimizer.steps, 50);
    await assertAgreement(variables, values);
  });
}

test('the defaults are those of the docstrings', () => {
  const { variables } = parameters();
  assert.equal(optim.sgd(variables).settings, {
    lr: 0.01,
    weightDecay: 0,
    momentum: 0,
    nesterov: false,
    dampening: 0,
  });
  const means = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const adam = { lr: 0.001, ...means };
  assert.equal(optim.adam(variables).settings, { ...adam, weightDecay: 0 });
  assert.equal(optim.adamW(variables).settings, { ...adam, weightDecay: 0.01 });
  assert.equal(optim.rmsprop(variables).settings, {
    lr: 0.001,
    weightDecay: 0,
    alpha: 0.99,
    epsilon: 1e-8,
    momentum: 0,
    centered: false,
  });
  assert.equal(optim.adadelta(variables).settings, {
    lr: 1,
    weightDecay: 0,
    rho: 0.9,
    epsilon: 1e-6,
  });
  assert.equal(optim.adamax(variables).settings, { lr: 0.002, weightDecay: 0, ...means });
  assert.equal(optim.lamb(variables).settings, {
    ...adam,
    weightDecay: 0.01,
    epsilon: 1e-6,
    alwaysAdapt: false,
  });
  assert.equal(optim.lars(variables).settings, {
    lr: 1,
    weightDecay: 1e-4,
    momentum: 0.9,
    nesterov: false,
    trustCoefficient: 0.001,
    alwaysAdapt: false,
  });
  assert.equal(optim.lion(variables).settings, {
    lr: 0.0001,
    weightDecay: 0,
    beta1: 0.9,
    beta2: 0.99,
  });
  assert.equal(optim.nadam(variables).settings, {
    lr: 0.002,
    weightDecay: 0,
    ...means,
    momentumDecay: 0.004,
    decoupledWeightDecay: false,
  });
  assert.equal(optim.radam(variables).settings, {
    ...adam,
    weightDecay: 0,
    decoupledWeightDecay: false,
  });
  assert.equal(optim.adagrad(variables).settings, {
    lr: 0.01,
    weightDecay: 0,
    lrDecay: 0,
    epsilon: 1e-10,
    initialAccumulator: 0,
  });
});

test('variables may belong to two optimizers, each with moments of its own', async () => {
  const { variables, values } = parameters();
  const all = optim.adam(variables, { lr: 0.02 });
  const some = optim.sgd(variables.slice(1, 4), { lr: 0.01, momentum: 0.9 });
  const allExpected = reference.adam({ lr: 0.02 });
  const someExpected = reference.sgd({ lr: 0.01, momentum: 0.9 });
  for (let step = 0; step < 12; step++) {
    if (step % 3 === 2) {
      await some.step(lossOf(variables, step));
      someExpected.step(values.slice(1, 4), gradientsOf(values, step).slice(1, 4));
    } else {
      await all.step(lossOf(variables, step));
      allExpected.step(values, gradientsOf(values, step));
    }
    if (step % 4 === 0) await assertAgreement(variables, values);
  }
  await assertAgreement(variables, values);
});

test('a weight assigned by hand is stepped from its new value', async () => {
  const { variables, values } = parameters();
  const optimizer = optim.sgd(variables, { lr: 0.1 });
  const expected = reference.sgd({ lr: 0.1 });
  for (let step = 0; step < 4; step++) {
    const fresh = scattered([5, 7], 77 + step).map(Math.fround);
    (variables[2] as AnyVariable).assign(tensor(Float32Array.from(fresh.data), [5, 7]));
    values[2] = Float64Array.from(fresh.data);
    await optimizer.step(lossOf(variables, step));
    expected.step(values, gradientsOf(values, step));
    await assertAgreement(variables, values);
  }
});

test('gradients left by backward() add up, and are used up by the step', async () => {
  const v = new Variable(tensor([1, 2, 3])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 1 });
  (v.value.mul(2).sum() as AnyTensor).backward();
  (v.value.mul(0.5).sum() as AnyTensor).backward();
  await optimizer.step();
  assert.equal([...(await v.data())], [-1.5, -0.5, 0.5]);
  assert.is(v.gradient, undefined);
  try {
    await optimizer.step();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ArgumentError);
    assert.match((error as Error).message, /backward/);
  }
});

test("gradients of one's own are applied", async () => {
  const v = new Variable(tensor([1, 2, 3])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: 0.5 });
  await optimizer.apply([tensor([1, 0, -1]) as AnyTensor]);
  assert.equal([...(await v.data())], [0.5, 2, 3.5]);
  for (const wrong of [[], [tensor([1]) as AnyTensor]]) {
    try {
      await optimizer.apply(wrong);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ArgumentError);
    }
  }
  assert.is(optimizer.steps, 1, 'a refused step is no step');
});

test('what an optimizer cannot work with is refused when it is made', () => {
  const v = new Variable(tensor([1])) as unknown as AnyVariable;
  const fixed = new Variable(tensor([1]), { trainable: false }) as unknown as AnyVariable;
  const refused: (() => unknown)[] = [
    () => optim.sgd([]),
    () => optim.adam(nn.dense(3).variables),
    () => optim.rmsprop([fixed]),
    () => optim.adam([v, v]),
    () => optim.adam([v], { lr: -1 }),
    () => optim.sgd([v], { lr: Number.NaN }),
    () => optim.sgd([v], { weightDecay: -1 }),
    () => optim.sgd([v], { clipNorm: 0 }),
    () => optim.sgd([v], { nesterov: true }),
    () => optim.sgd([v], { nesterov: true, momentum: 0.9, dampening: 0.1 }),
    () => optim.rmsprop([v], { momentum: -1 }),
    () => optim.adam([v], { beta2: 1 }),
    () => optim.adam([v], { clipValue: -1 }),
    () => optim.adam([v], { amsgrad: 1 as never }),
    () => optim.adagrad([v], { initialAccumulator: -1 }),
    () => optim.adadelta([v], { rho: 1.5 }),
    () => optim.adamax([v], { beta2: 1 }),
    () => optim.lamb([v], { alwaysAdapt: 1 as never }),
    () => optim.lars([v], { trustCoefficient: -1 }),
    () => optim.lion([v], { beta1: -0.1 }),
    () => optim.nadam([v], { momentumDecay: -1 }),
    () => optim.nadam([v], { decoupledWeightDecay: 1 as never }),
    () => optim.radam([v], { decoupledWeightDecay: 'yes' as never }),
    () => optim.radam([v], { epsilon: -1 }),
  ];
  for (const make of refused) {
    assert.throws(make, (error: Error) => error instanceof ArgumentError);
  }
  assert.throws(() => optim.adam(nn.dense(3).variables), /build/);
});

test('an integer variable is refused by name', async () => {
  const counter = new Variable(zeros([2], { dtype: 'i32' }), { name: 'counter' });
  const weight = new Variable(tensor([1]), { name: 'weight' });
  try {
    const both = [counter, weight] as unknown as AnyVariable[];
    await optim.sgd(both).step(weight.value.sum() as AnyTensor);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, DTypeError);
  }
});

test.run();
