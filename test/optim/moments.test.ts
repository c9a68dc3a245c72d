import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  CheckpointError,
  optim,
  StaleTensorError,
  tensor,
} from '../../src/index.ts';
import { lossOf, parameters } from './quadratic.ts';

const test = suite('moments of optimizers');

type Create = (variables: readonly AnyVariable[]) => optim.Optimizer;

const inGroups = (variables: readonly AnyVariable[]) => [
  { variables: variables.slice(0, 2), lr: 0.03, weightDecay: 0.2 },
  { variables: variables.slice(2) },
];

const optimizers: Record<string, Create> = {
  sgd: (v) => optim.sgd(v, { lr: 0.02 }),
  'sgd with momentum': (v) =>
    optim.sgd(v, { lr: 0.02, momentum: 0.9, dampening: 0.3, weightDecay: 0.1 }),
  nesterov: (v) => optim.sgd(v, { momentum: 0.9, nesterov: true }),
  adam: (v) => optim.adam(v, { lr: 0.01 }),
  'adam with amsgrad': (v) => optim.adam(v, { lr: 0.01, beta2: 0.6, amsgrad: true }),
  adamW: (v) => optim.adamW(v, { lr: optim.schedules.exponential(0.1, 0.8) }),
  rmsprop: (v) => optim.rmsprop(v),
  'rmsprop with everything': (v) => optim.rmsprop(v, { momentum: 0.5, centered: true }),
  adagrad: (v) => optim.adagrad(v, { lrDecay: 0.1, initialAccumulator: 0.5 }),
  adadelta: (v) => optim.adadelta(v, { weightDecay: 0.1 }),
  adamax: (v) => optim.adamax(v, { lr: 0.01 }),
  lamb: (v) => optim.lamb(v, { lr: 0.01 }),
  'clipped lamb in groups': (v) => optim.lamb(inGroups(v), { clipNorm: 3, clipValue: 0.3 }),
  lars: (v) => optim.lars(v, { nesterov: true }),
  lion: (v) => optim.lion(v, { lr: 0.01, weightDecay: 0.1 }),
  nadam: (v) => optim.nadam(v, { lr: 0.01, momentumDecay: 0.2 }),
  'nadam in groups': (v) => optim.nadam(inGroups(v), { decoupledWeightDecay: true }),
  radam: (v) => optim.radam(v, { lr: 0.01 }),
  'clipped adam in groups': (v) => optim.adam(inGroups(v), { clipNorm: 3, clipValue: 0.3 }),
  'sgd in groups': (v) => optim.sgd(inGroups(v), { momentum: 0.9 }),
};

async function train(
  optimizer: optim.Optimizer,
  variables: readonly AnyVariable[],
  from: number,
  to: number,
): Promise<Uint32Array[]> {
  for (let step = from; step < to; step++) await optimizer.step(lossOf(variables, step));
  const weights = await Promise.all(variables.map((variable) => variable.data()));
  return weights.map((values) => new Uint32Array(Float32Array.from(values).buffer));
}

/** Everything a checkpoint holds, on the host. */
async function saved(optimizer: optim.Optimizer, variables: readonly AnyVariable[]) {
  const weights = await Promise.all(variables.map((variable) => variable.data()));
  const moments = await Promise.all(
    optimizer.moments().map(async ({ name, variable, value }) => ({
      name,
      index: variables.indexOf(variable),
      data: Float32Array.from(await value.data()),
    })),
  );
  return { steps: optimizer.steps, weights, moments };
}

function restore(
  optimizer: optim.Optimizer,
  variables: readonly AnyVariable[],
  { steps, weights, moments }: Awaited<ReturnType<typeof saved>>,
): void {
  variables.forEach((variable, i) => {
    variable.assign(tensor(Float32Array.from(weights[i] as Float32Array), [...variable.shape]));
  });
  const entries = moments.map(({ name, index, data }) => {
    const variable = variables[index] as AnyVariable;
    return { name, variable, value: tensor(data, [...variable.shape]) as AnyTensor };
  });
  optimizer.setMoments(entries.reverse());
  optimizer.steps = steps;
}

for (const [name, create] of Object.entries(optimizers)) {
  test(`restored, ${name} goes on with the same bits as without a stop`, async () => {
    const whole = parameters().variables;
    const expected = await train(create(whole), whole, 0, 9);
    for (const stop of [0, 1, 5]) {
      const first = parameters().variables;
      const early = create(first);
      await train(early, first, 0, stop);
      const state = await saved(early, first);
      const looked = await train(early, first, stop, 9);
      assert.equal(looked, expected, 'looking at the moments changes nothing');
      const second = parameters(50).variables;
      const late = create(second);
      // Also where it has moments already, and its weights lie in flat buffers.
      if (stop === 5) await train(late, second, 0, 2);
      restore(late, second, state);
      assert.equal(await train(late, second, stop, 9), expected, `stopped after ${stop}`);
      assert.is(late.steps, 9);
    }
  });
}

test('restored to an earlier step, nadam goes on from that', async () => {
  const [whole, back] = [parameters().variables, parameters().variables];
  const [first, second] = [optim.nadam(whole, { lr: 0.01 }), optim.nadam(back, { lr: 0.01 })];
  await train(second, back, 0, 1);
  const state = await saved(second, back);
  await train(second, back, 1, 4);
  restore(second, back, state);
  assert.equal(await train(second, back, 1, 6), await train(first, whole, 0, 6));
});

test('begin with what they start with, and are named', async () => {
  const { variables } = parameters();
  const names = (optimizer: optim.Optimizer) => [
    ...new Set(optimizer.moments().map(({ name }) => name)),
  ];
  assert.equal(names(optim.sgd(variables)), []);
  assert.equal(names(optim.sgd(variables, { momentum: 0.5 })), ['velocity']);
  assert.equal(names(optim.adam(variables)), ['mean', 'variance']);
  assert.equal(names(optim.rmsprop(variables, { momentum: 0.5, centered: true })), [
    'meanSquare',
    'velocity',
    'mean',
  ]);
  const [first] = optim.adagrad(variables, { initialAccumulator: 2 }).moments();
  assert.is(first?.name, 'squareSum');
  assert.is(first?.variable, variables[0]);
  assert.equal(await first?.value.array(), [2, 2, 2]);
});

test('are those of their variable', async () => {
  const { variables } = parameters();
  const optimizer = optim.sgd(variables, { momentum: 0.5 });
  await optimizer.apply(
    variables.map(({ size, shape }, i) => {
      const data = Float32Array.from({ length: size }, (_, at) => 1000 * i + at);
      return tensor(data, [...shape]) as AnyTensor;
    }),
  );
  const moments = optimizer.moments();
  assert.equal(
    moments.map(({ variable }) => variable),
    variables,
  );
  for (const [i, { value, variable }] of moments.entries()) {
    assert.equal(value.shape, variable.shape);
    assert.equal(
      [...(await value.data())],
      Array.from({ length: variable.size }, (_, at) => 1000 * i + at),
    );
  }
});

test('that do not fit are refused by name, and change nothing', async () => {
  const { variables } = parameters();
  const stranger = parameters().variables[0] as AnyVariable;
  const optimizer = optim.adam(variables);
  const untouched = optim.adam(parameters().variables);
  await optimizer.step(lossOf(variables, 0));
  const good = optimizer.moments();
  const [first, ...rest] = good as [optim.Moment, ...optim.Moment[]];
  const refused: [optim.Moment[], RegExp][] = [
    [rest, /'mean' of variable 'v0' is missing/],
    [[...good, first], /'mean' of variable 'v0' is given twice/],
    [[{ ...first, name: 'velocity' }, ...rest], /not keep the moment 'velocity' of variable 'v0'/],
    [[{ ...first, variable: stranger }, ...rest], /not keep/],
    [[{ ...first, value: tensor([1, 2]) as AnyTensor }, ...rest], /f32\[3\], got f32\[2\]/],
    [[{ ...first, value: tensor(new Int32Array(3), [3]) as AnyTensor }, ...rest], /got i32\[3\]/],
    [[], /missing/],
  ];
  for (const [entries, message] of refused) {
    assert.throws(
      () => optimizer.setMoments(entries),
      (error: Error) => error instanceof CheckpointError && message.test(error.message),
    );
  }
  const others = untouched.variables;
  await untouched.step(lossOf(others, 0));
  assert.equal(await train(optimizer, variables, 1, 3), await train(untouched, others, 1, 3));
});

test("may be another optimizer's, taken over on the device", async () => {
  const [a, b] = [parameters().variables, parameters().variables];
  const [first, second] = [optim.adam(a), optim.adam(b)];
  await train(first, a, 0, 3);
  second.setMoments(
    first.moments().map((moment) => ({
      ...moment,
      variable: b[a.indexOf(moment.variable)] as AnyVariable,
    })),
  );
  second.steps = first.steps;
  b.forEach((variable, i) => {
    variable.assign((a[i] as AnyVariable).value);
  });
  assert.equal(await train(second, b, 3, 6), await train(first, a, 3, 6));
});

test('read before a step are stale after it, not the new ones', async () => {
  const { variables } = parameters();
  const optimizer = optim.adam(variables);
  await optimizer.step(lossOf(variables, 0));
  const [before] = optimizer.moments();
  await optimizer.step(lossOf(variables, 1));
  let error: unknown;
  await before?.value.data().catch((thrown: unknown) => {
    error = thrown;
  });
  assert.instance(error, StaleTensorError);
});

test.run();
