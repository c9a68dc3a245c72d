import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  compile,
  grad,
  nn,
  ones,
  optim,
  random,
  type Tensor,
  tensor,
  Variable,
} from '../../src/index.ts';
import { refuses, rejects } from '../tensor/refusal.ts';
import { bitsOf } from '../train/small-training.ts';

const test = suite('freezing layers');

const TRAINING = { training: true };

const rows = (seed: number): Tensor =>
  tensor(
    Float32Array.from({ length: 20 }, (_, i) => Math.sin(7 * i + seed) + 1),
    [5, 4],
  );

/** A base with all that has a state, and a head. */
function transferred() {
  random.seed(2);
  const base = nn.sequential([nn.dense(6), nn.batchNorm({ momentum: 0.5 }), nn.relu()]);
  const head = nn.dense(2);
  return { base, head, model: nn.sequential([base, head]).build([4]) };
}

const namesOf = (model: nn.Layer) =>
  [...model.namedVariables()].filter(([, { trainable }]) => trainable).map(([name]) => name);

test('a layer sets all that is inside it, each of which may be set otherwise; statistics never train', () => {
  const { base, head, model } = transferred();
  const all = namesOf(model);
  assert.is(all.length, 6);
  assert.is(model.trainable, true);
  base.trainable = false;
  assert.equal(namesOf(model), ['layers.1.weight', 'layers.1.bias']);
  assert.equal(model.trainableVariables, head.variables);
  assert.equal([base.trainable, head.trainable, model.trainable], [false, true, true]);
  model.trainable = false;
  assert.equal(namesOf(model), []);
  assert.equal([base.trainable, head.trainable, model.trainable], [false, false, false]);
  head.trainable = true;
  assert.equal(namesOf(model), ['layers.1.weight', 'layers.1.bias']);
  model.trainable = true;
  assert.equal(namesOf(model), all);
});

test('a variable by itself, also of a model that is no layer', () => {
  const { model } = transferred();
  const [weight, , , , mean] = model.variables as unknown as [Variable, 0, 0, 0, Variable];
  weight.trainable = false;
  assert.is(model.trainableVariables.length, 5);
  mean.trainable = true;
  assert.is(mean.trainable, false, 'a running mean');
  const plain = { layer: model, offset: new Variable(ones([2])) };
  for (const variable of nn.variables(plain)) variable.trainable = false;
  assert.equal(nn.variables(plain).filter(({ trainable }) => trainable).length, 0);
});

test('a layer that is not built yet makes frozen variables, and layers it makes itself are frozen', () => {
  const embedding = nn.embedding(5, 3);
  embedding.trainable = false;
  const model = nn.sequential([embedding, nn.dense(2)]).build([4]);
  assert.equal(namesOf(model), ['layers.1.weight', 'layers.1.bias']);
  class Late extends nn.Layer {
    readonly type = 'late';
    readonly early = nn.dense(2);
    private inner: nn.Layer[] = [];
    protected override createVariables() {
      this.inner = [nn.dense(3)];
    }
    protected compute(x: AnyTensor, mode: nn.Mode) {
      this.inner[1] ??= nn.batchNorm();
      return [...this.inner, this.early].reduce((at, layer) => layer.forward(at, mode), x);
    }
  }
  const late = new Late();
  late.trainable = false;
  late.early.trainable = true;
  late.build([4]);
  assert.equal(namesOf(late), ['early.weight', 'early.bias']);
});

test('attention to another sequence freezes the layers that it makes', () => {
  const layer = nn.multiHeadAttention(2);
  layer.trainable = false;
  layer.attend(ones([1, 3, 4]), ones([1, 5, 6]));
  assert.is(layer.variables.length, 8);
  assert.equal(layer.trainableVariables, []);
});

test('in functional models, where a shared layer is frozen wherever it is used', () => {
  const shared = nn.dense(3);
  const [left, right] = [nn.input([4]), nn.input([4])];
  const head = nn.dense(1);
  const out = head.apply(nn.add([shared.apply(left), shared.apply(right)]));
  const model = nn.model([left, right], out);
  const other = nn.sequential([shared]);
  shared.trainable = false;
  assert.equal(model.trainableVariables, head.variables);
  assert.equal(other.trainableVariables, []);
  other.trainable = true;
  assert.is(model.trainableVariables.length, 4);
});

test('bidirectional layers freeze both directions, before they are made and after', () => {
  const cell = nn.lstm(2);
  cell.trainable = false;
  const before = nn.bidirectional(cell).build([5, 3]);
  assert.equal(namesOf(before), []);
  const after = nn.bidirectional(nn.gru(2)).build([5, 3]);
  after.trainable = false;
  assert.equal(namesOf(after), []);
  assert.ok(after.variables.length > 0);
});

test('the summary counts frozen weights', () => {
  const { base, model } = transferred();
  base.trainable = false;
  assert.match(
    nn.summary(model, [4]),
    /Total params: 68\nTrainable params: 14\nNon-trainable params: 54/,
  );
});

test('batch norms use their running statistics and keep them; dropout goes by the mode', async () => {
  const { base, model } = transferred();
  await model.forward(rows(1), TRAINING).data(); // statistics that are not the first ones
  base.trainable = false;
  const before = await bitsOf(base);
  const [frozen, inferred] = [model.forward(rows(2), TRAINING), model.forward(rows(2))];
  assert.equal(await frozen.array(), await inferred.array());
  assert.equal(await bitsOf(base), before);
  base.trainable = true;
  const trained = model.forward(rows(2), TRAINING);
  assert.is.not(`${await trained.array()}`, `${await inferred.array()}`);
  assert.is.not(`${Object.values(await bitsOf(base))}`, `${Object.values(before)}`);
  const dropout = nn.dropout(0.5);
  dropout.trainable = false;
  const dropped = await dropout.forward(ones([100]), TRAINING).data();
  assert.ok(dropped.includes(0));
});

test('a layer below a frozen one trains through it', async () => {
  const below = nn.dense(4).build([4]);
  const { base, model } = transferred();
  base.trainable = false;
  const { y, slopes } = { y: rows(3), slopes: () => below.trainableVariables };
  const loss = model.forward(below.forward(y), TRAINING).square().mean();
  loss.backward();
  for (const { gradient } of slopes()) {
    assert.ok((await gradient!.data()).some((slope) => slope !== 0));
  }
  assert.ok(base.variables.every(({ gradient }) => gradient === undefined));
  // Where it is asked for by itself a gradient is there all the same.
  const again = model.forward(rows(3), TRAINING).square().mean();
  const [slope] = grad(again, [base.variables[0] as Variable]);
  assert.ok((await slope.data()).some((one) => one !== 0));
});

test('no regularizer is added for a frozen weight', async () => {
  const model = nn.sequential([
    nn.dense(2, { kernelRegularizer: nn.l2(1) }),
    nn.dense(2, { kernelRegularizer: nn.l1(1) }),
  ]);
  model.build([3]);
  const [first, second] = model.variables.filter(({ name }) => name === 'weight');
  const both = await model.penalty()!.item();
  const absolute = await (second as Variable).value.abs().sum().item();
  first!.trainable = false;
  assert.is(await model.penalty()!.item(), absolute);
  assert.ok(both > absolute);
  model.trainable = false;
  assert.is(model.penalty(), undefined);
});

test('a compiled function notices, from the next call on, and goes back as well', async () => {
  const run = async (isCompiled: boolean) => {
    const { base, head, model } = transferred();
    const optimizer = optim.adam(model.variables, { lr: 0.1 });
    const work = (x: AnyTensor) => {
      const loss = model.forward(x, TRAINING).square().mean();
      optimizer.step(loss);
      return loss;
    };
    const step = isCompiled ? compile(work) : async (x: AnyTensor) => work(x);
    const bits: unknown[] = [];
    for (let k = 0; k < 12; k++) {
      if (k === 3) base.trainable = false;
      if (k === 6) head.trainable = false;
      if (k === 6) base.trainable = true;
      if (k === 9) model.trainable = true;
      await step(rows(k));
      bits.push(await bitsOf(model));
    }
    return bits as Record<string, number[]>[];
  };
  const compiled = await run(true);
  assert.equal(compiled, await run(false));
  const base = 'layers.0.layers';
  const names = [`${base}.0.weight`, `${base}.1.running_mean`, 'layers.1.weight'];
  const moved = (k: number) =>
    names.filter((name) => `${compiled[k]![name]}` !== `${compiled[k - 1]![name]}`);
  assert.equal([2, 4, 7, 10].map(moved), [names, names.slice(2), names.slice(0, 2), names]);
});

test('compiled functions without an optimizer notice too, and are recorded once for each answer', async () => {
  const { base, model } = transferred();
  let calls = 0;
  const outputs = compile((x: AnyTensor) => {
    calls++;
    return model.forward(x, TRAINING);
  });
  for (const trainable of [true, true, false, false, true]) {
    base.trainable = trainable;
    const plain = `${await model.forward(rows(1), { training: trainable }).array()}`;
    assert.is(`${await (await outputs(rows(1))).array()}`, plain);
  }
  assert.is(calls, 3);
});

test('two networks that are trained in turn, each with the other frozen, are recorded once', async () => {
  random.seed(6);
  const maker = nn.sequential([nn.dense(4), nn.batchNorm()]).build([4]);
  const judge = nn.sequential([nn.dense(4), nn.batchNorm(), nn.dense(1)]).build([4]);
  const [ofMaker, ofJudge] = [optim.adam(maker.variables), optim.adam(judge.variables)];
  let calls = 0;
  const judging = compile((x: AnyTensor) => {
    calls++;
    ofJudge.step(judge.forward(x, TRAINING).mean());
  });
  const making = compile((x: AnyTensor) => {
    calls++;
    ofMaker.step(judge.forward(maker.forward(x, TRAINING), TRAINING).mean());
  });
  for (let k = 0; k < 4; k++) {
    judge.trainable = true;
    await judging(rows(k));
    judge.trainable = false;
    const before = await bitsOf(judge);
    await making(rows(k));
    assert.equal(await bitsOf(judge), before);
  }
  assert.is(calls, 2);
});

test('what makes no sense is refused', async () => {
  const { base, model } = transferred();
  const message = /must be true or false/;
  refuses(() => Object.assign(base, { trainable: 'no' }), ArgumentError, message);
  refuses(() => Object.assign(model.variables[0]!, { trainable: 0 }), ArgumentError, message);
  for (const one of [base, model.variables[0]!]) {
    const within = compile((x: AnyTensor) => {
      one.trainable = false;
      return model.forward(x);
    });
    await rejects(() => within(rows(1)), ArgumentError, /before the call/);
  }
});

test.run();
