// Variables that are assigned alike, as running means are: one dispatch for all, and the values that
// each would have by itself.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  compile,
  device,
  full,
  nn,
  optim,
  realize,
  StaleTensorError,
  type Tensor,
  tensor,
  Variable,
} from '../../../src/index.ts';

const test = suite('graph: variables assigned alike');

test.before(async () => {
  await device();
});

const SIZES = [3, 1, 70, 64, 5];

function wave(size: number, seed: number) {
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i + seed));
  return tensor(values, [size]) as Tensor;
}

const several = (sizes = SIZES, seed = 0) =>
  sizes.map((size, i) => new Variable(wave(size, i + seed)));
type Several = ReturnType<typeof several>;

const numbersOf = (values: readonly { data(): Promise<ArrayLike<number>> }[]) =>
  Promise.all(values.map(async (value) => Array.from(await value.data())));

/** Moves each a quarter of the way to a number. */
function approach(all: Several, target = 2): void {
  for (const one of all) one.assign(one.value.mul(0.75).add(target * 0.25));
}

const approached = (numbers: readonly number[][], target = 2) =>
  numbers.map((values) => values.map((value) => 0.75 * value + 0.25 * target));

function near(actual: readonly number[][], wanted: readonly number[][]): void {
  for (const [i, values] of wanted.entries()) {
    assert.is(actual[i]?.length, values.length);
    for (const [k, value] of values.entries()) {
      const error = Math.abs((actual[i]?.[k] as number) - value) / Math.max(1, Math.abs(value));
      assert.ok(error < 1e-5, `${i} [${k}]: ${actual[i]?.[k]}, not ${value}`);
    }
  }
}

async function dispatchesOf(work: () => Promise<unknown>): Promise<number> {
  const { counters } = await device();
  const before = counters.dispatches;
  await work();
  return counters.dispatches - before;
}

test('they are one dispatch, time after time', async () => {
  const all = several();
  let wanted = await numbersOf(all);
  for (let time = 0; time < 3; time++) {
    approach(all);
    const count = await dispatchesOf(realize);
    if (time > 0) assert.is(count, 1);
    wanted = approached(wanted);
    near(await numbersOf(all), wanted);
  }
});

test('their first values are not computed where none is read', async () => {
  const from = several();
  approach(from);
  await realize();
  const copies = from.map(({ value }) => new Variable(value.mul(2)));
  assert.is(await dispatchesOf(realize), 1);
  const twice = (await numbersOf(from)).map((values) => values.map((value) => 2 * value));
  near(await numbersOf(copies), twice);
});

test('those made of variables that do not lie together stay where they are', async () => {
  const from = several();
  const wanted = await numbersOf(from);
  const copies = from.map(({ value }) => new Variable(value.mul(2)));
  assert.is(await dispatchesOf(realize), from.length);
  assert.ok(copies.every(({ cell }) => !cell.home));
  near(
    await numbersOf(copies),
    wanted.map((values) => values.map((value) => 2 * value)),
  );
});

test('some of them, and with other numbers', async () => {
  const all = several();
  let wanted = await numbersOf(all);
  for (const [from, to, target] of [
    [0, 5, 2],
    [1, 3, 2],
    [0, 2, 2],
    [0, 5, 3],
  ] as const) {
    approach(all.slice(from, to), target);
    wanted = wanted.map((values, i) =>
      from <= i && i < to ? (approached([values], target)[0] as number[]) : values,
    );
    near(await numbersOf(all), wanted);
  }
  approach(all.slice(0, 2), 7);
  approach(all.slice(2), 9);
  const pending = all.map(({ value }) => value.add(1));
  wanted = [...approached(wanted.slice(0, 2), 7), ...approached(wanted.slice(2), 9)];
  near(
    await numbersOf(pending),
    wanted.map((values) => values.map((value) => value + 1)),
  );
  near(await numbersOf(all), wanted);
});

test("each other's values, in another order than they lie in", async () => {
  const all = several([4, 4, 4]);
  approach(all);
  const before = await numbersOf(all);
  const values = all.map(({ value }) => value);
  for (const [i, one] of all.entries()) one.assign(values[(i + 1) % 3]?.mul(2) as Tensor);
  near(
    await numbersOf(all),
    [1, 2, 0].map((i) => (before[i] as number[]).map((value) => 2 * value)),
  );
});

test('what is made of a value that they had before is stale', async () => {
  const all = several();
  approach(all);
  await realize();
  const old = all.map(({ value }) => value.mul(0.75).add(1));
  approach(all);
  await realize();
  const now = await numbersOf(all);
  for (const [i, one] of all.entries()) one.assign(old[i] as Tensor);
  for (const work of [realize, () => (old[1] as Tensor).data()]) {
    const error = await work().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.instance(error, StaleTensorError);
  }
  near(await numbersOf(all), now);
});

test('averages of weights that an optimizer moves, one dispatch a step besides its own', async () => {
  const weights = several();
  const averages = weights.map(({ value }) => new Variable(value));
  const step = async (optimizer: optim.Optimizer) => {
    const loss = weights.reduce<AnyTensor>(
      (sum, { value }) => value.square().sum().add(sum),
      full([], 0),
    );
    await optimizer.step(loss);
    for (const [i, average] of averages.entries()) {
      average.assign(average.value.mul(0.9).add((weights[i] as Several[0]).value.mul(0.1)));
    }
  };
  let wanted = await numbersOf(averages);
  for (const optimizer of [0, 1].map(() => optim.sgd(weights, { lr: 0.1 }))) {
    for (let time = 0; time < 3; time++) {
      await step(optimizer);
      const count = await dispatchesOf(realize);
      if (time > 0) assert.is(count, 1);
      const now = await numbersOf(weights);
      wanted = wanted.map((values, i) =>
        values.map((value, k) => 0.9 * value + 0.1 * (now[i]?.[k] as number)),
      );
      near(await numbersOf(averages), wanted);
    }
  }
});

// A number that comes as an argument is another each time, also where it is not computed.
for (const isGiven of [false, true]) {
  const number = isGiven ? 'a number that it is given' : 'a number of its own';
  test(`a function compiled with ${number}, also where an optimizer moves them`, async () => {
    const all = several();
    const step = compile((by: AnyTensor) => {
      for (const one of all) one.assign(isGiven ? one.value.mul(by) : one.value.mul(0.5));
      return by.add(1);
    });
    let wanted = await numbersOf(all);
    for (const by of [1, 2, 3, 4, 5]) {
      await step(full([], by));
      wanted = wanted.map((values) => values.map((value) => value * (isGiven ? by : 0.5)));
      near(await numbersOf(all), wanted);
      if (by !== 3) continue;
      const loss = (all[2] as Several[0]).value.sum();
      await optim.sgd([...all].reverse(), { lr: 1 }).step(loss);
      wanted[2] = (wanted[2] as number[]).map((value) => value - 1);
    }
  });
}

test('running statistics of batch normalisation, compiled or not', async () => {
  const run = async (isCompiled: boolean) => {
    const model = nn.sequential([
      nn.batchNorm({ momentum: 0.5 }),
      nn.dense(4, { kernelInitializer: 'ones' }),
      nn.batchNorm({ momentum: 0.5 }),
      nn.batchNorm({ momentum: 0.25 }),
    ]);
    model.build([3]);
    const forward = (x: AnyTensor) => model.forward(x, { training: true }).sum();
    const step = isCompiled ? compile(forward) : async (x: AnyTensor) => forward(x);
    for (let time = 0; time < 4; time++) {
      await (await step(wave(15, time).reshape([5, 3]))).data();
    }
    return numbersOf(model.variables);
  };
  const statistics = await run(false);
  assert.ok(statistics.flat().every(Number.isFinite));
  near(await run(true), statistics);
});

test.run();
