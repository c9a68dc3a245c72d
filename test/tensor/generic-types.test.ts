import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  concat,
  type DType,
  DTypeError,
  losses,
  matMul,
  nn,
  type Shape,
  stack,
  type Tensor,
  tensor,
  Variable,
  where,
  zeros,
} from '../../src/index.ts';

// What compiles of programs that do not know a tensor's shape or dtype, as most functions of users
// do not: `npm run check` compiles this file. What the compiler lets pass is checked when it runs.

const test = suite('tensor: types of programs that know little');

const known = tensor([
  [1, 2],
  [3, 4],
]);
const any: AnyTensor = known;
const whole: AnyTensor = zeros([2, 2], { dtype: 'i32' });
const condition: AnyTensor = known.greater(2);

test('a tensor of any shape and dtype goes with every other, on either side', async () => {
  const results: AnyTensor[] = [
    ...[known.add(any), known.sub(any), known.mul(any), known.div(any), known.pow(any)],
    ...[known.maximum(any), known.minimum(any), known.mod(any), known.squaredDifference(any)],
    ...[any.add(known), any.sub(known), any.mul(any), any.div(2), any.sum().mul(any)],
    ...[known.matMul(any), any.matMul(known), any.matMul(any), matMul(known, any)],
    ...[where(condition, known, any), where(condition, any, any), where(known.less(3), any, known)],
    ...[concat([known, any]), concat([any, any]), stack([any, known]), any.expand([2, 2, 2])],
    ...[known.equal(any), any.less(known), known.gather(whole), any.gather(whole)],
  ];
  for (const result of results) assert.ok((await result.data()).length > 0);
});

test('dtypes that turn out to differ are found when it runs', () => {
  for (const wrong of [
    () => known.mul(whole),
    () => whole.add(known),
    () => known.equal(whole),
    () => known.matMul(whole),
    () => where(any, known, known),
    () => where(condition, known, whole),
    () => concat([known, whole]),
    () => known.gather(any),
  ]) {
    assert.throws(wrong, (error: Error) => error instanceof DTypeError);
  }
  // @ts-expect-error f32 and i32
  assert.throws(() => known.mul(zeros([2, 2], { dtype: 'i32' })));
  // @ts-expect-error f32 and i32
  assert.throws(() => known.matMul(zeros([2, 2], { dtype: 'i32' })));
  // @ts-expect-error f32 and bool
  assert.throws(() => where(known, known, known));
  // @ts-expect-error numbers of slices are whole
  assert.throws(() => known.gather(known));
});

// Functions as users write them.

const scaled = (x: AnyTensor, y: AnyTensor): AnyTensor => x.mul(y).add(1);
const meanSquare = (outputs: Tensor, targets: AnyTensor): Tensor =>
  outputs.sub(targets).square().mean();

function doubled<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return x.square().mul(2).add(x);
}

function sum<S extends Shape, D extends DType>(x: Tensor<S, D>, y: Tensor<S, D>): Tensor<S, D> {
  return x.add(y);
}

function masked<S extends Shape>(x: Tensor<S>, mask: AnyTensor): AnyTensor {
  return x.mul(mask).sub(mask);
}

function dot<N extends number>(x: Tensor<[N]>, y: Tensor<[N]>): Tensor<[]> {
  return x.mul(y).sum();
}

function linear<I extends number, O extends number>(
  x: Tensor<[number, I]>,
  weight: Tensor<[I, O]>,
): Tensor<[number, O]> {
  return x.matMul(weight);
}

function increased<T extends AnyTensor>(x: T): AnyTensor {
  return x.mul(x).add(1).sum();
}

// Results of results, whose shapes depend on type parameters.

function polynomial<T extends AnyTensor>(x: T): AnyTensor {
  return x.add(1).mul(x).sub(x.square());
}

function deviation<S extends Shape>(x: Tensor<S>, axis: number): Tensor {
  return x.sub(x.mean(axis, true)).square().mean(axis).sqrt();
}

function normalized<T extends Tensor>(x: T): Tensor {
  const centered = x.sub(x.mean(-1, true));
  return centered.div(centered.square().mean(-1, true).add(1e-6).sqrt());
}

function mixed<T extends AnyTensor, U extends AnyTensor>(x: T, y: U): AnyTensor {
  return concat([x.mul(y), y])
    .sum(0)
    .add(x)
    .reshape([-1])
    .expand([2, 2])
    .transpose([1, 0]);
}

function attention<B extends number, T extends number, C extends number>(
  query: Tensor<[B, T, C]>,
  key: Tensor<[B, T, C]>,
  value: Tensor<[B, T, C]>,
): Tensor<[B, T, C]> {
  return query
    .matMul(key.transpose([0, 2, 1]))
    .softmax()
    .matMul(value);
}

function dense<N extends number, I extends number, O extends number>(
  x: Tensor<[N, I]>,
  weight: Tensor<[I, O]>,
  bias: Tensor<[O]>,
): Tensor<[N, O]> {
  return x.matMul(weight).add(bias).relu().add(bias);
}

function rectified<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return where(x.greater(0), x, x.mul(0.1));
}

function rowSums<N extends number, C extends number>(x: Tensor<[N, C]>): Tensor<[N]> {
  return x.sum(1);
}

function mismatched<N extends number>(x: Tensor<[N, 3]>): void {
  // @ts-expect-error 3 and 4 differ, whatever N is
  assert.throws(() => x.add(zeros([4])));
  // @ts-expect-error 3 and 4 differ
  assert.throws(() => x.matMul(zeros([4, 5])));
  // @ts-expect-error there is no axis 2
  assert.throws(() => x.sum(2));
  // @ts-expect-error f32 and i32
  assert.throws(() => x.add(zeros([3], { dtype: 'i32' })));
}

test('they compose ops of what they do not know, and results of results', async () => {
  assert.equal(await polynomial(tensor([2, 3])).array(), [2, 3]);
  assert.equal(await deviation(known, 0).array(), [1, 1]);
  assert.equal([...normalized(known).shape], [2, 2]);
  assert.equal([...mixed(known.sum(0), tensor([1, 2])).shape], [2, 2]);
  const tokens = zeros([2, 3, 4]);
  assert.equal([...attention(tokens, tokens, tokens).shape], [2, 3, 4]);
  assert.equal([...dense(known, zeros([2, 5]), zeros([5])).shape], [2, 5]);
  assert.equal(await rectified(tensor([1, -10])).array(), [1, -1]);
  assert.equal(await rowSums(known).array(), [3, 7]);
  mismatched(zeros([2, 3]));
});

test('functions of users compile with shapes and dtypes as type parameters', async () => {
  assert.equal(await scaled(known, any).array(), [
    [2, 5],
    [10, 17],
  ]);
  const same: Tensor<[2, 2]> = sum(doubled(known), known);
  assert.equal([...same.shape], [2, 2]);
  assert.is(await meanSquare(known, any).item(), 0);
  assert.is(await masked(known, any).sum().item(), 20);
  assert.is(await dot(tensor([1, 2]), tensor([3, 4])).item(), 11);
  assert.equal([...linear(known, zeros([2, 5])).shape], [2, 5]);
  assert.is(await increased(known).item(), 34);
});

test('tensors of several shapes may stand in one array', async () => {
  const mixed = [known, tensor([1, 2])];
  const doubles = mixed.map((x) => x.mul(2).add(x));
  const sums: Tensor<[]>[] = mixed.map((x) => x.sum());
  assert.is(await sums.reduce((a, b) => a.add(b)).item(), 13);
  assert.is(doubles.length, 2);
  const all: AnyTensor[] = mixed;
  assert.equal([...all.reduce((a, b) => a.add(b)).shape], [2, 2]);
});

test('variables and layers in arrays', async () => {
  const variables: AnyVariable[] = [new Variable(known), new Variable(zeros([3]))];
  for (const variable of variables) variable.assign(variable.value.mul(0.5).add(variable.value));
  assert.equal(await variables[0]!.value.sub(any).mul(2).sum().item(), 10);

  const layers = [nn.dense(3), nn.flatten(), nn.dropout(0.1)];
  let outputs: AnyTensor = known;
  for (const layer of layers) outputs = layer.forward(outputs);
  const residual = layers[0]!.forward(known).add(outputs);
  assert.equal([...residual.shape], [2, 3]);
  assert.equal(
    [...losses.meanSquaredError(any, residual.sub(residual).matMul(zeros([3, 2]))).shape],
    [],
  );
});

test.run();
