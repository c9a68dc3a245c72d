import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type DType,
  erfinv,
  full,
  grad,
  lerp,
  matMul,
  nanMean,
  nanSum,
  ones,
  type Shape,
  ShapeError,
  scaledDotProductAttention,
  type Tensor,
  tensor,
  Variable,
  where,
  zeros,
} from '../../src/index.ts';

// What the compiler knows of shapes and dtypes: `npm run check` compiles this file, and fails where
// an expected error does not come as where an unexpected one does. Run, it shows that what the
// types refuse is refused at run time too, and that the shapes they promise are the shapes there are.

const test = suite('tensor: types');

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where the tensor's type is of exactly this shape and dtype; run, it is of that shape. */
function is<S extends Shape, D extends DType = 'f32'>(shape: S, dtype?: D) {
  return <T extends Tensor<Shape, DType>>(
    x: T,
    ..._: Same<T['shape'], S> extends true ? (Same<T['dtype'], D> extends true ? [] : [D]) : [S]
  ): void => {
    assert.equal([...x.shape], [...shape]);
    assert.is(x.dtype, dtype ?? 'f32');
  };
}

const unknown = (x: Tensor<Shape>) => x;
const rows = (x: Tensor<[number, 784]>) => x;
const any = (x: AnyTensor) => x;
const batch: number = [1, 2, 3].length;

test('ops that are functions', () => {
  const x = ones([2, 3]);
  is([2] as [2])(nanSum(x, 1));
  is([2, 1] as [2, 1])(nanMean(x, -1, true));
  is([] as [])(nanMean(x));
  is([4, 2, 3] as [4, 2, 3])(lerp(x, ones([3]), ones([4, 1, 1])));
  is([2, 3] as [2, 3])(erfinv(lerp(x, x, 0.5)));
  // @ts-expect-error there is no axis 2
  assert.throws(() => nanSum(x, 2), isShapeError);
  // @ts-expect-error they do not broadcast
  assert.throws(() => lerp(x, ones([2]), 0.5), isShapeError);
});

test('created shapes', () => {
  is([2, 2] as [2, 2])(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  is([3] as [3])(tensor([1, 2, 3]));
  is([] as [])(tensor(5));
  is([2] as [2], 'bool')(tensor([1, 0], { dtype: 'bool' }));
  is([2] as [2], 'i32')(tensor([1, 2], { dtype: 'i32' }));
  is([2, 3] as [2, 3])(tensor(new Float32Array(6), [2, 3]));
  is([2, 3] as [2, 3], 'u8')(tensor(new Uint8Array(6), [2, 3]));
  is([32, 784] as [32, 784])(zeros([32, 784]));
  is([4] as [4], 'u32')(ones([4], { dtype: 'u32' }));
  is([] as [])(full([], 1));
});

test('attention', () => {
  const [query, key] = [zeros([2, 4, 5, 8]), zeros([2, 4, 7, 8])];
  is([2, 4, 5, 3] as [2, 4, 5, 3])(scaledDotProductAttention(query, key, zeros([2, 4, 7, 3])));
  // @ts-expect-error: queries and keys differ in width
  assert.throws(() => scaledDotProductAttention(query, zeros([2, 4, 7, 9]), key), isShapeError);
});

test('matMul', () => {
  is([32, 10] as [32, 10])(zeros([32, 784]).matMul(zeros([784, 10])));
  is([5, 2, 4] as [5, 2, 4])(zeros([5, 2, 3]).matMul(zeros([3, 4])));
  is([5, 2, 4] as [5, 2, 4])(matMul(zeros([1, 2, 3]), zeros([5, 3, 4])));
  const unknownBatch = zeros([batch, 784]).matMul(zeros([784, 10]));
  const shape: readonly [number, 10] = unknownBatch.shape;
  assert.equal([...shape], [3, 10]);
  // @ts-expect-error inner dimensions 784 and 128 differ
  assert.throws(() => zeros([32, 784]).matMul(zeros([128, 10])), isShapeError);
  // @ts-expect-error inner dimensions 3 and 4 differ
  assert.throws(() => matMul(zeros([2, 3]), zeros([4, 2])), isShapeError);
  // @ts-expect-error a vector is no matrix
  assert.throws(() => zeros([3]).matMul(zeros([3, 2])), isShapeError);
  // @ts-expect-error batches of 2 and 3
  assert.throws(() => zeros([2, 2, 3]).matMul(zeros([3, 3, 2])), isShapeError);
});

test('broadcasting', () => {
  is([2, 3] as [2, 3])(zeros([2, 3]).add(zeros([3])));
  is([4, 2, 3] as [4, 2, 3])(zeros([2, 1]).mul(zeros([4, 1, 3])));
  is([2, 3] as [2, 3])(zeros([2, 3]).sub(1));
  is([2, 3] as [2, 3], 'bool')(zeros([2, 3]).less(zeros([2, 1])));
  is([2, 3] as [2, 3])(where(zeros([3]).less(1), zeros([2, 1]), zeros([])));
  // @ts-expect-error 3 and 4
  assert.throws(() => zeros([2, 3]).add(zeros([4])), isShapeError);
  // @ts-expect-error 2 and 3
  assert.throws(() => zeros([2, 3]).equal(zeros([3, 3])), isShapeError);
  // @ts-expect-error 2 and 3
  assert.throws(() => where(zeros([2]).less(1), zeros([3]), zeros([3])), isShapeError);
  // @ts-expect-error f32 and i32
  assert.throws(() => zeros([2]).add(zeros([2], { dtype: 'i32' })));
});

test('elementwise', () => {
  is([2, 3] as [2, 3])(zeros([2, 3]).exp().relu().clip(0, 1));
  is([2] as [2], 'bool')(zeros([2]).isNan());
  is([2] as [2], 'i32')(zeros([2]).cast('i32').neg());
});

test('reductions', () => {
  const x = zeros([2, 3, 4]);
  is([] as [])(x.sum());
  is([2, 4] as [2, 4])(x.sum(1));
  is([2, 4] as [2, 4])(x.mean([1]));
  is([3] as [3])(x.max([0, 2]));
  is([3] as [3])(x.max([0, -1]));
  is([] as [])(x.max([1, -1, 0]));
  is([2, 1, 4] as [2, 1, 4])(x.sum(-2, true));
  is([1, 1, 1] as [1, 1, 1])(x.sum(undefined, true));
  is([2] as [2], 'bool')(x.less(1).any([1, 2]));
  // @ts-expect-error axes go from -3 to 2
  assert.throws(() => x.sum(3), isShapeError);
  // @ts-expect-error axes go from -3 to 2
  assert.throws(() => x.max([0, -4]), isShapeError);
  // @ts-expect-error axes go from -3 to 2
  assert.throws(() => x.max([-1, 3]), isShapeError);
});

test('reshape', () => {
  const x = zeros([4, 6]);
  is([24] as [24])(x.reshape([24]));
  is([2, 3, 4] as [2, 3, 4])(x.reshape([2, 3, 4]));
  const found: readonly [number, 8] = x.reshape([-1, 8]).shape;
  assert.equal([...found], [3, 8]);
  is([32, 784] as [32, 784])(zeros([32, 28, 28, 1]).reshape([32, 784]));
  is([1024] as [1024])(zeros([32, 32]).reshape([1024]));
  is([0] as [0])(zeros([0, 7]).reshape([0]));
  // @ts-expect-error 24 elements and 25
  assert.throws(() => x.reshape([5, 5]), isShapeError);
  // @ts-expect-error 1024 elements and 1023
  assert.throws(() => zeros([32, 32]).reshape([1023]), isShapeError);
  // @ts-expect-error 28·28 and 783
  assert.throws(() => zeros([32, 28, 28]).reshape([32, 783]), isShapeError);
});

test('axes in another order', () => {
  const x = zeros([2, 3, 4]);
  is([4, 3, 2] as [4, 3, 2])(x.transpose());
  is([3, 2, 4] as [3, 2, 4])(x.transpose([1, 0, 2]));
  is([5, 2, 3, 4] as [5, 2, 3, 4])(x.expand([5, 2, 3, 4]));
  is([2, 3, 4] as [2, 3, 4])(x.flip());
  is([2, 3, 4] as [2, 3, 4])(x.softmax());
  // @ts-expect-error there is no axis 3
  assert.throws(() => x.transpose([0, 1, 3]), isShapeError);
  // @ts-expect-error 3 does not become 5
  assert.throws(() => x.expand([2, 5, 4]), isShapeError);
});

test('a known shape is an unknown one, and not the other way round', () => {
  const x = zeros([32, 784]);
  rows(x);
  unknown(x);
  any(x);
  any(x.cast('u8'));
  const loose: Tensor = x;
  // @ts-expect-error it may have any shape
  rows(loose);
  // @ts-expect-error 783
  rows(zeros([32, 783]));
  // @ts-expect-error of another dtype
  unknown(x.cast('i32'));
  const sum: Tensor<[]> = loose.sum();
  assert.equal(sum.shape, []);
  // What is not known is checked at run time only.
  assert.throws(() => loose.matMul(zeros([3, 3])), isShapeError);
});

test('gradients have the shapes of what they belong to', () => {
  const [x, w] = [zeros([32, 784]), new Variable(zeros([784, 10]))];
  const [dx, dw] = grad(x.matMul(w.value).sum(), [x, w]);
  is([32, 784] as [32, 784])(dx);
  is([784, 10] as [784, 10])(dw);
});

test('variables', () => {
  const w = new Variable(zeros([2, 3]));
  is([2, 3] as [2, 3])(w.value);
  // @ts-expect-error another shape
  assert.throws(() => w.assign(zeros([3, 2])), isShapeError);
  // @ts-expect-error another dtype
  assert.throws(() => w.assign(zeros([2, 3], { dtype: 'i32' })));
});

test('data in the array of the dtype', async () => {
  const floats: Float32Array = await zeros([2]).data();
  const whole: Int32Array = await zeros([2]).cast('i32').data();
  const bytes: Uint8Array = await zeros([2]).less(1).data();
  assert.is(floats.length + whole.length + bytes.length, 6);
});

function isShapeError(error: Error): boolean {
  return error instanceof ShapeError;
}

test.run();
