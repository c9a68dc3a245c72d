// Gradients of several ranks are summed up bucket by bucket, on the CPU device beside the backward pass.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bucketsOf, inOrder } from '../../src/distributed/buckets.ts';
import { alone } from '../../src/distributed/connection.ts';
import { World } from '../../src/distributed/world.ts';
import { Cell } from '../../src/graph/cell.ts';
import { openRuntime } from '../../src/graph/execution/current-runtime.ts';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  compile,
  DistributedError,
  nn,
  optim,
  random,
  StaleTensorError,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';

const test = suite('optimizers of several ranks');

/** The numbers of the smallest bucket. */
const LEAST = 65536;

const variableOf = (size: number) => new Variable(zeros([size])) as unknown as AnyVariable;
const bufferOf = (size: number) => new Cell(zeros([size]).node, 'gradients', false);

test('they cover a buffer from its end, small variables together and large ones by themselves', () => {
  const variables = [10, LEAST, 3, 3, 5 * LEAST, 64, LEAST].map(variableOf);
  const total = 64 + LEAST + 64 + 64 + 5 * LEAST + 64 + LEAST;
  const flat = bufferOf(total);
  const buckets = bucketsOf(variables, flat);
  assert.equal(
    buckets.map((bucket) => bucket.variables.map(({ size }) => size)),
    [[LEAST], [5 * LEAST, 64], [LEAST, 3, 3], [10]],
  );
  assert.equal(
    buckets.map(({ sums }) => [(sums.home?.offset ?? 0) / 4, sums.size]),
    [
      [total - LEAST, LEAST],
      [LEAST + 192, 5 * LEAST + 64],
      [64, LEAST + 128],
      [0, 64],
    ],
  );
  assert.ok(buckets.every(({ sums }) => sums.home?.flat === flat && flat.members.includes(sums)));
});

test('there are few of a buffer, and those of several come as their gradients do', () => {
  const many = Array.from({ length: 100 }, () => variableOf(LEAST));
  const own = bucketsOf(many, bufferOf(1));
  assert.equal(
    own.map(({ variables }) => variables.length),
    [13, 13, 13, 13, 13, 13, 13, 9],
  );
  const parts = [many, many.slice(0, 2)].map((variables) => ({ variables, sums: bufferOf(1) }));
  const ends = inOrder(parts).map(({ end }) => end);
  assert.equal(ends.slice(0, 2), [1, 1]);
  assert.equal(
    ends,
    [...ends].sort((a, b) => b - a),
  );
  assert.is(bucketsOf([variableOf(3)], bufferOf(1)).length, 1);
});

const DEPTH = 4;
const WIDTH = 512;

/** Its gradients are a bucket a layer, the last of which has those of the narrow layer, too. */
function deepModel() {
  random.seed(5);
  const layers = Array.from({ length: DEPTH }, () => nn.dense(WIDTH, { activation: 'tanh' }));
  return nn.sequential([...layers, nn.dense(3)]).build([WIDTH]);
}

type Model = ReturnType<typeof deepModel>;

const inputsOf = (step: number) =>
  tensor(
    Float32Array.from({ length: 4 * WIDTH }, (_, i) => Math.sin(i * step)),
    [4, WIDTH],
  );
const lossOf = (model: Model, inputs: AnyTensor) => model.forward(inputs).square().mean();

/** The other of two ranks holds the same gradients, and waits to the end with what it adds. */
class Twin {
  /** Of each sum that began early, how often it was asked before it was waited for. */
  readonly asked: number[] = [];
  readonly reduced: number[] = [];
  /** The sum that cannot begin. */
  failsAt = -1;
  readonly world = new World({
    ...alone,
    size: 2,
    allReduce: async (values) => {
      this.reduced.push(values.length);
      double(values as Float32Array);
    },
    sum: (values) => {
      if (this.asked.length === this.failsAt) throw new Error('the way is gone');
      const at = this.asked.push(0) - 1;
      const before = values.slice();
      return {
        isDone: () => {
          this.asked[at] = (this.asked[at] ?? 0) + 1;
          return false;
        },
        wait: async () => {
          const isSame = values.every((value, i) => Object.is(value, before[i]));
          assert.ok(isSame, 'nothing else writes to what is being summed');
          double(values);
        },
      };
    },
  });
}

function double(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = 2 * (values[i] ?? 0);
}

const isOnCpu = () => openRuntime()?.device.kind === 'wasm';

async function requireWeights({ variables }: Model, wanted: Model): Promise<void> {
  for (const [i, variable] of variables.entries()) {
    const [own, other] = [await variable.data(), await wanted.variables[i]?.data()];
    // To show two large arrays side by side would take minutes.
    assert.ok(
      own.every((value, at) => Object.is(value, other?.[at])),
      variable.name,
    );
  }
}

/** Three steps of one rank. */
async function ofOne(): Promise<Model> {
  const model = deepModel();
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });
  for (const step of [1, 2, 3]) await optimizer.step(lossOf(model, inputsOf(step)));
  return model;
}

/** On the CPU device each sum but the last has begun before the one behind it, and goes on between dispatches. */
function requireEarly({ asked, reduced }: Twin): void {
  if (!isOnCpu()) {
    assert.is(asked.length, 0);
    assert.is(reduced.length, 3 * DEPTH);
    return;
  }
  assert.is(reduced.length, 0);
  assert.is(asked.length, 3 * DEPTH);
  for (let step = 0; step < 3; step++) {
    const times = asked.slice(step * DEPTH, (step + 1) * DEPTH);
    assert.is(times.at(-1), 0, 'the last is there when all has been computed');
    for (let i = 1; i < DEPTH; i++) {
      // Each dense layer has dispatches of its own.
      assert.ok((times[i - 1] ?? 0) - (times[i] ?? 0) >= 2, `${times}`);
    }
  }
}

test('steps of several ranks come to the bits of one, summed up while gradients are computed', async () => {
  const twin = new Twin();
  const model = deepModel();
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });
  for (const step of [1, 2, 3]) {
    await optimizer.step(lossOf(model, inputsOf(step)), { world: twin.world });
  }
  await requireWeights(model, await ofOne());
  requireEarly(twin);
});

test('so do compiled ones, with the average between them', async () => {
  const twin = new Twin();
  const { world } = twin;
  const model = deepModel();
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });
  const add = compile((inputs: AnyTensor) => {
    const loss = lossOf(model, inputs);
    optimizer.accumulate(loss, { world });
    return loss;
  });
  const step = compile(() => {
    optimizer.step();
  });
  for (const at of [1, 2, 3]) {
    await add(inputsOf(at));
    await optimizer.average(world);
    await step();
  }
  await requireWeights(model, await ofOne());
  requireEarly(twin);
});

test('what was accumulated before is in the sums, and gradients read before it stay what they were', async () => {
  const { world } = new Twin();
  const v = new Variable(tensor([1, 2]));
  const optimizer = optim.sgd([v], { lr: 1 });
  await optimizer.accumulate(v.value.sum());
  const [before] = optimizer.gradients() as [AnyTensor];
  const [kept] = optimizer.gradients() as [AnyTensor];
  await optimizer.accumulate(v.value.mul(3).sum(), { world, alongside: [before.mul(1)] });
  await rejects(() => kept.mul(2).data(), StaleTensorError, /'gradients'/);
  await optimizer.average(world);
  assert.equal(await optimizer.gradients()[0]?.array(), [4, 4]);
  await optimizer.step();
  assert.equal(await v.value.array(), [-3, -2]);
});

test('the readers of sums come before an addition to them, in the same submission', async () => {
  const { world } = new Twin();
  const v = new Variable(tensor([1, 2]));
  const optimizer = optim.sgd([v], { lr: 1 });
  await optimizer.accumulate(v.value.mul(5).sum());
  const seen = (optimizer.gradients()[0] as AnyTensor).mul(10);
  await optimizer.accumulate(v.value.sum(), { world, alongside: [seen] });
  assert.equal(await seen.array(), [50, 50]);
  await optimizer.average(world);
  assert.equal(await optimizer.gradients()[0]?.array(), [6, 6]);
});

test('nothing is done with sums that are on their way', async () => {
  const { world } = new Twin();
  const v = new Variable(tensor([1, 2]));
  const optimizer = optim.sgd([v], { lr: 1 });
  await optimizer.accumulate(v.value.sum(), { world });
  const loss = v.value.sum();
  for (const early of [
    () => optimizer.step(),
    () => optimizer.step(loss),
    () => optimizer.accumulate(loss),
    async () => optimizer.gradients(),
  ]) {
    await rejects(early, ArgumentError, /Await average\(world\) first/);
  }
  await optimizer.average(world);
  await optimizer.step();
  assert.equal(await v.value.array(), [0, 1]);
});

test('variables frozen meanwhile are told of when the sums are there, and the step can be taken anew', async () => {
  const { world } = new Twin();
  const [v, other] = [new Variable(tensor([1, 2])), new Variable(tensor([1]))];
  const optimizer = optim.sgd([v, other], { lr: 1 });
  const lossOfAll = () => v.value.sum().add(other.value.sum());
  await optimizer.accumulate(lossOfAll(), { world });
  other.trainable = false;
  await rejects(() => optimizer.average(world), ArgumentError, /have been frozen/);
  await optimizer.step(lossOfAll(), { world });
  assert.equal(await v.value.array(), [0, 1]);
  assert.equal(await other.value.array(), [1]);
});

test('a rank that fails between two sums of a step has no others any more', async () => {
  if (!isOnCpu()) return;
  const twin = new Twin();
  const { world } = twin;
  const model = deepModel();
  const untouched = deepModel();
  const optimizer = optim.adam(model.variables);
  twin.failsAt = 2;
  const step = () => optimizer.step(lossOf(model, inputsOf(1)), { world });
  await rejects(step, Error, /the way is gone/);
  await requireWeights(model, untouched);
  assert.is(optimizer.steps, 0);
  for (const call of [step, () => world.barrier(), () => world.broadcast(model.variables)]) {
    await rejects(call, DistributedError, /failed while its gradients were being summed/);
  }
  // Alone it goes on.
  await optimizer.step(lossOf(model, inputsOf(1)));
  assert.is(optimizer.steps, 1);
});

test.run();
