import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  nn,
  ShapeError,
  type Tensor,
  tensor,
} from '../../../src/index.ts';
import { refuses } from '../../tensor/refusal.ts';

const test = suite('nn: merging layers');

const a = tensor([
  [1, -2, 3],
  [4, 5, -6],
]) as AnyTensor as Tensor;
const b = tensor([
  [2, 2, 2],
  [-1, 0, 1],
]) as AnyTensor as Tensor;

/** What a merge of two inputs makes of a and b, and of layers that give them. */
async function both(merge: typeof nn.add) {
  const [x, y] = [nn.input([3]), nn.input([3])] as const;
  const model = nn.model([x, y], merge([x, y]));
  const layer = merge([new Same(), new Twice()]);
  const expected = await model.forward([a, a.mul(2) as Tensor]).array();
  assert.equal(await layer.forward(a).array(), expected);
  return model.forward([a, b]).array();
}

class Same extends nn.Layer {
  readonly type: string = 'same';
  protected compute(x: AnyTensor): AnyTensor {
    return x;
  }
}

class Twice extends nn.Layer {
  readonly type: string = 'twice';
  protected compute(x: AnyTensor): AnyTensor {
    return x.mul(2);
  }
}

test('two by two, of symbolic values and of layers', async () => {
  assert.equal(await both((xs) => nn.add(xs)), [
    [3, 0, 5],
    [3, 5, -5],
  ]);
  assert.equal(await both((xs) => nn.subtract(xs)), [
    [-1, -4, 1],
    [5, 5, -7],
  ]);
  assert.equal(await both((xs) => nn.multiply(xs)), [
    [2, -4, 6],
    [-4, 0, -6],
  ]);
  assert.equal(await both((xs) => nn.average(xs)), [
    [1.5, 0, 2.5],
    [1.5, 2.5, -2.5],
  ]);
  assert.equal(await both((xs) => nn.maximum(xs)), [
    [2, 2, 3],
    [4, 5, 1],
  ]);
  assert.equal(await both((xs) => nn.minimum(xs)), [
    [1, -2, 2],
    [-1, 0, -6],
  ]);
  assert.equal(await both((xs) => nn.concat(xs)), [
    [1, -2, 3, 2, 2, 2],
    [4, 5, -6, -1, 0, 1],
  ]);
  assert.equal(await both((xs) => nn.dot(xs)), [[4], [-10]]);
});

test('more than two, with sizes of 1 stretched', async () => {
  const x = nn.input([3]);
  const column = nn.input([1]);
  const first = a.slice([0, 0], [2, 1]) as Tensor;
  const model = nn.model([x, column], nn.average([x, column, x]));
  const expected = a.mul(2).add(first).div(3);
  assert.equal(await model.forward([a, first]).array(), await expected.array());
});

test('dot sums along an axis of each, and knows cosines', async () => {
  const x = nn.input([2, 3]);
  const y = nn.input([3, 4]);
  const left = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i - 5),
    [2, 2, 3],
  ) as AnyTensor as Tensor;
  const right = tensor(
    Float32Array.from({ length: 24 }, (_, i) => (i * 7) % 5),
    [2, 3, 4],
  ) as AnyTensor as Tensor;
  const product = nn.model([x, y], nn.dot([x, y], { axes: [2, 1] })).forward([left, right]);
  assert.equal(await product.array(), await left.matMul(right).array());
  const z = nn.input([3]);
  const cosine = nn.model(z, nn.dot([z, z], { normalize: true })).forward(a);
  for (const value of await cosine.data()) assert.ok(Math.abs(value - 1) < 1e-6);
  refuses(() => nn.dot([x, y]), ShapeError, /dot: \[1,2,3\] and \[1,3,4\] have 3 and 4 elements/);
  refuses(() => nn.dot([x, y], { axes: 0 }), ShapeError, /numbers the examples/);
});

test('branches that do not fit are refused', () => {
  const x = nn.input([3]);
  refuses(() => nn.add([]), ArgumentError, /add: needs at least one branch/);
  refuses(() => nn.subtract([x]), ArgumentError, /takes two branches, such as \[a, b\]; got 1/);
  refuses(() => nn.add([x, nn.input([2])]), ShapeError, /^add on \(None, 3\), \(None, 2\): /);
  refuses(
    () => nn.add([nn.relu as never]),
    ArgumentError,
    /layer 0 is no layer but the function relu/,
  );
  refuses(
    () => nn.add([nn.relu()], { name: 'sum' }),
    ArgumentError,
    /layer.apply\(x, \{ name \}\)/,
  );
  refuses(() => nn.add(x as never), ArgumentError, /add: takes an array of layers/);
});

test.run();
