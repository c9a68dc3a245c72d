import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  optim,
  tensor,
  Variable,
} from '../../src/index.ts';
import * as reference from '../reference/optimizers.ts';
import { refuses } from '../tensor/refusal.ts';
import { assertAgreement, gradientsOf, lossOf, parameters } from './quadratic.ts';

const test = suite('groups, rates and settings of optimizers');

test('each group is stepped at its own rate and decay', async () => {
  const { variables, values } = parameters();
  const optimizer = optim.adam(
    [
      { variables: variables.slice(0, 2), lr: 0.05 },
      { variables: variables.slice(2, 3), weightDecay: 0.3 },
      { variables: variables.slice(3), lr: optim.schedules.exponential(0.02, 0.9) },
    ],
    { lr: 0.01, weightDecay: 0.1 },
  );
  const expected = [
    reference.adam({ lr: 0.05, weightDecay: 0.1 }),
    reference.adam({ lr: 0.01, weightDecay: 0.3 }),
    reference.adam({ lr: 0.02, weightDecay: 0.1 }),
  ] as const;
  const bounds = [0, 2, 3, 5];
  for (let step = 0; step < 20; step++) {
    optimizer.lr = expected[1].lr = 0.01 / (1 + step);
    if (step === 10) (optimizer.groups[0] as optim.Group).lr = expected[0].lr = 0.005;
    expected[2].lr = 0.02 * 0.9 ** step;
    assert.equal(
      optimizer.groups.map(({ lr }) => lr),
      expected.map(({ lr }) => lr),
    );
    await optimizer.step(lossOf(variables, step));
    const gradients = gradientsOf(values, step);
    expected.forEach((rule, i) => {
      const [from, to] = [bounds[i], bounds[i + 1]];
      rule.step(values.slice(from, to), gradients.slice(from, to));
    });
  }
  await assertAgreement(variables, values);
});

test('decoupled decay takes the rate of its group', async () => {
  const { variables, values } = parameters();
  const optimizer = optim.adamW([
    { variables: variables.slice(0, 3), lr: 0.1, weightDecay: 0.5 },
    { variables: variables.slice(3), lr: 0.01 },
  ]);
  const [first, second] = [
    reference.adamW({ lr: 0.1, weightDecay: 0.5 }),
    reference.adamW({ lr: 0.01 }),
  ];
  for (let step = 0; step < 10; step++) {
    await optimizer.step(lossOf(variables, step));
    const gradients = gradientsOf(values, step);
    first.step(values.slice(0, 3), gradients.slice(0, 3));
    second.step(values.slice(3), gradients.slice(3));
  }
  await assertAgreement(variables, values);
});

test('a schedule is asked with the steps taken before, until a number is set', async () => {
  const v = new Variable(tensor([0])) as unknown as AnyVariable;
  const optimizer = optim.sgd([v], { lr: (step) => 2 ** -step });
  const gradient = [tensor([-1]) as AnyTensor];
  for (const sum of [1, 1.5, 1.75]) {
    await optimizer.apply(gradient);
    assert.equal([...(await v.data())], [sum]);
  }
  assert.is(optimizer.lr, 1 / 8);
  optimizer.steps = 1;
  assert.is(optimizer.lr, 1 / 2);
  optimizer.lr = 0.25;
  await optimizer.apply(gradient);
  await optimizer.apply(gradient);
  assert.equal([...(await v.data())], [2.25]);
  optimizer.lr = optim.schedules.constant(1);
  assert.is(optimizer.lr, 1);
});

test('a rate that is none is refused, and so are steps', async () => {
  const v = new Variable(tensor([0])) as unknown as AnyVariable;
  const optimizer = optim.sgd([{ variables: [v] }], { lr: () => Number.NaN });
  const refused: (() => unknown)[] = [
    () => optimizer.lr,
    () => {
      optimizer.lr = -1;
    },
    () => {
      (optimizer.groups[0] as optim.Group).lr = Number.NaN;
    },
    () => {
      optimizer.steps = 0.5;
    },
    () => optim.sgd([{ variables: [v], lr: -1 }]),
    () => optim.sgd([{ variables: [v], weightDecay: -1 }]),
    () => optim.sgd([{ variables: [v] }, { variables: [v] }]),
    () => optim.sgd([{ variables: [] }]),
  ];
  for (const act of refused) {
    assert.throws(act, (error: Error) => error instanceof ArgumentError);
  }
  try {
    await optimizer.apply([tensor([1]) as AnyTensor]);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /step 0/);
  }
  assert.is(optimizer.steps, 0);
});

test('variables that are not trainable are left out of their groups', () => {
  const [weight, mean] = [true, false].map((trainable) => new Variable(tensor([1]), { trainable }));
  const both = [{ variables: [mean] }, { variables: [mean, weight] }];
  const optimizer = optim.sgd(both as unknown as optim.VariableGroup[]);
  assert.equal(optimizer.variables, [weight]);
});

test('groups that are none are refused, and variables beside groups', () => {
  const v = new Variable(tensor([1]));
  const such: readonly (readonly [unknown, RegExp])[] = [
    [
      [{ variables: undefined }],
      /^sgd: takes an array of variables in each group, .*got undefined/,
    ],
    [[{ variables: [v, 1] }], /^sgd: takes an array of variables.*got 1 among them/],
    [[v, { variables: [v] }], /^sgd: takes .*got an object of variables among them/],
    [[{ variables: [v] }, v], /^sgd: takes .*got a Variable among them/],
  ];
  for (const [given, message] of such) {
    refuses(() => optim.sgd(given as optim.Variables), ArgumentError, message);
  }
});

test('settings are plain JSON with schedules by name', () => {
  const v = new Variable(tensor([0]), { name: 'weight' }) as unknown as AnyVariable;
  const { schedules } = optim;
  const one = optim.sgd([v], { momentum: 0.9, clipNorm: 2 });
  assert.is(one.kind, 'sgd');
  assert.equal(one.settings, {
    lr: 0.01,
    weightDecay: 0,
    momentum: 0.9,
    nesterov: false,
    dampening: 0,
    clipNorm: 2,
  });
  const two = optim.adamW([{ variables: [v], lr: schedules.linear(1, 0, 5) }], {
    lr: schedules.warmUp(3, schedules.cosine(0.1, 0, 7)),
    clipValue: 1,
  });
  assert.is(two.kind, 'adamW');
  const cosine = { schedule: 'cosine', from: 0.1, to: 0, steps: 7 };
  const linear = { schedule: 'linear', from: 1, to: 0, steps: 5 };
  const expected = {
    lr: { schedule: 'warmUp', steps: 3, then: cosine },
    weightDecay: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    clipValue: 1,
    groups: [{ variables: ['weight'], lr: linear, weightDecay: 0.01 }],
  };
  assert.equal(two.settings, expected);
  assert.equal(JSON.parse(JSON.stringify(two.settings)), expected);
  two.lr = function halving(step: number) {
    return 0.5 ** step;
  };
  assert.equal(two.settings.lr, { schedule: 'custom', name: 'halving' });
  assert.is(optim.rmsprop([v]).kind, 'rmsprop');
  assert.is(optim.adagrad([v]).kind, 'adagrad');
  assert.is(optim.adam([v]).kind, 'adam');
});

test.run();
