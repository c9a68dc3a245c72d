import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  compile,
  nn,
  optim,
  tensor,
  Variable,
} from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('copyWeights');

const network = (units = 3) => nn.sequential([nn.dense(units), nn.batchNorm()]).build([2]);
const values = (model: nn.Layer) =>
  Promise.all(model.variables.map(async (variable) => Array.from(await variable.data())));

test('gives one model what another has, running statistics too', async () => {
  const [from, to] = [network(), network()];
  from.forward(
    tensor([
      [1, 2],
      [3, 5],
    ]),
    { training: true },
  );
  nn.copyWeights(from, to);
  assert.equal(await values(to), await values(from));
  await optim.sgd(from.variables, { lr: 1 }).step(from.forward(tensor([[1, 2]])).sum());
  assert.not.equal(await values(to), await values(from), 'a copy');
});

test('a share of it moves the other that much, also in compiled steps', async () => {
  const [from, to] = [network(), network()];
  const [a, b] = [await values(from), await values(to)];
  const follow = compile(() => nn.copyWeights(from, to, { tau: 0.25 }));
  await follow();
  await follow();
  const mixed = a.map((own, i) => own.map((v, at) => v + 0.75 ** 2 * ((b[i]?.[at] as number) - v)));
  (await values(to)).forEach((own, i) => {
    own.forEach((v, at) => {
      assert.ok(Math.abs(v - (mixed[i]?.[at] as number)) < 1e-6);
    });
  });
});

test('takes models that are plain objects, and copies what is no float', async () => {
  const model = (start: number) => ({
    scale: new Variable(tensor([start])) as unknown as AnyVariable,
    count: new Variable(tensor([start], { dtype: 'i32' })) as unknown as AnyVariable,
  });
  const [from, to] = [model(4), model(8)];
  nn.copyWeights(from, to, { tau: 0.5 });
  assert.equal([...(await to.scale.data()), ...(await to.count.data())], [6, 4]);
});

test('a copy is of the moment it was asked for', async () => {
  const v = { w: new Variable(tensor([1])) as unknown as AnyVariable };
  const copy = { w: new Variable(tensor([0])) as unknown as AnyVariable };
  nn.copyWeights(v, copy);
  await optim.sgd([v.w], { lr: 1 }).step((v.w.value as AnyTensor).sum());
  assert.equal([...(await copy.w.data()), ...(await v.w.data())], [1, 0]);
});

test('models that differ are refused by the name of the first difference', () => {
  const message = /'layers.0.weight' is f32\[2,3\] in the first and f32\[2,4\] in the second/;
  refuses(() => nn.copyWeights(network(), network(4)), ArgumentError, message);
  const more = nn.sequential([nn.dense(3)]).build([2]);
  refuses(() => nn.copyWeights(network(), more), ArgumentError, /missing in the second/);
  refuses(() => nn.copyWeights(more, network()), ArgumentError, /missing in the first/);
  refuses(() => nn.copyWeights(more, more, { tau: 2 }), ArgumentError, /tau/);
});

test.run();
