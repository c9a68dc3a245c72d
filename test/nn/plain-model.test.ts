import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, nn, optim, type Tensor, tensor, Variable, zeros } from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const power = (n: number) => new Variable(zeros([1]), { name: `power ${n}` });

/** A model that is no layer: variables, lists and layers in its properties. */
class Quadratic {
  readonly scale = new Variable(tensor([0.5]), { name: 'scale' });
  readonly powers = [power(1), power(2)] as const;
  readonly offset = { bias: new Variable(zeros([1]), { name: 'bias' }) };
  readonly counter = new Variable(zeros([1]), { name: 'counter', trainable: false });
  readonly head = nn.dense(1, { bias: false, kernelInitializer: nn.initializers.ones }).build([1]);
  readonly again = this.scale;

  forward(x: Tensor): Tensor {
    const [a, b] = this.powers;
    this.counter.assign(this.counter.value.add(1));
    const inner = x.mul(a.value).add(x.square().mul(b.value));
    return this.head.forward(inner.add(this.offset.bias.value).mul(this.scale.value));
  }
}

test('variables are found wherever the model keeps them, each once', () => {
  const model = new Quadratic();
  assert.equal(
    nn.variables(model).map(({ name }) => name),
    ['scale', 'power 1', 'power 2', 'bias', 'counter', 'weight'],
  );
  assert.equal(
    [...nn.namedVariables(model).keys()],
    ['scale', 'powers.0', 'powers.1', 'offset.bias', 'counter', 'head.weight'],
  );
  const [one, two] = model.powers;
  const sets = { byName: new Map([['one', one]]), all: new Set([one, two]) };
  assert.equal([...nn.namedVariables(sets).keys()], ['byName.one', 'all.1']);
  assert.equal(nn.variables({ models: [model, { model }], self: null, text: 'x' }).length, 6);
});

test('a plain class trains', async () => {
  const model = new Quadratic();
  const optimizer = optim.adam(nn.variables(model), { lr: 0.05 });
  const x = tensor(
    Float32Array.from({ length: 32 }, (_, i) => i / 16 - 1),
    [32, 1],
  );
  const y = x.square().mul(2).sub(x).add(0.5);
  let last = Number.NaN;
  for (let step = 0; step < 150; step++) {
    const loss = model.forward(x).sub(y).square().mean();
    await optimizer.step(loss);
    if (step % 50 === 49) last = await loss.item();
  }
  assert.ok(last < 1e-2, `loss ${last}`);
  assert.equal([...(await model.counter.data())], [150]);
});

test('what is no object holds no variables', () => {
  for (const one of [undefined, null, 3]) {
    refuses(() => nn.variables(one as never), ArgumentError, /^namedVariables: takes a model/);
  }
});

test.run();
