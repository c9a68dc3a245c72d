import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  booleanMask,
  concat,
  DTypeError,
  full,
  grad,
  nonZero,
  ShapeError,
  type Tensor,
  tensor,
  unique,
  zeros,
} from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { whole } from '../../arbitraries.ts';
import { assertSame } from '../../closeness.ts';
import { rejects } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: booleanMask, nonZero and unique');

test('booleanMask of elements, and of slices along an axis', async () => {
  const x = NdArray.from([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const all = await booleanMask(
    upload(x),
    upload(
      NdArray.from([
        [1, 0, 1],
        [0, 1, 0],
      ]),
      'bool',
    ),
  );
  assert.equal(await all.array(), [1, 3, 5]);
  const columns = await booleanMask(upload(x), upload(NdArray.from([0, 1, 1]), 'bool'), 1);
  assert.equal(await columns.array(), [
    [2, 3],
    [5, 6],
  ]);
  const none = await booleanMask(upload(x), upload(NdArray.from([0, 0]), 'bool'));
  assert.equal(none.shape, [0, 3]);
});

test('the gradient of a mask goes to what is taken', async () => {
  const x = upload(NdArray.from([1, 2, 3]));
  const taken = await booleanMask(x, x.greater(1));
  const [slope] = grad(taken.mul(taken).sum(), [x]);
  assert.equal(await slope.array(), [0, 4, 6]);
});

test('nonZero: positions in row-major order', async () => {
  for (const dtype of ['f32', 'i32', 'bool', 'u8'] as const) {
    const x = whole([3, 4, 2], 1, 0, 1);
    const rows = x.data.reduce<number[]>((all, v, at) => {
      if (v !== 0) all.push(Math.floor(at / 8), Math.floor(at / 2) % 4, at % 2);
      return all;
    }, []);
    const actual = await nonZero(upload(x, dtype));
    assert.is(actual.dtype, 'i32');
    assertSame(await download(actual), new NdArray([rows.length / 3, 3], rows), dtype);
  }
  assert.equal((await nonZero(tensor([0, 0]))).shape, [0, 1]);
});

test('unique elements, in the order in which they appear', async () => {
  const x = tensor([2, Number.NaN, 1, 2, -0, 1, 0, Number.NaN]);
  const { values, indices, counts } = await unique(x);
  assert.equal(await values.array(), [2, Number.NaN, 1, -0]);
  assert.equal(await indices.array(), [0, 1, 2, 0, 3, 2, 3, 1]);
  assert.equal(await counts.array(), [2, 2, 2, 2]);
});

test('unique slices along an axis', async () => {
  const x = upload(
    NdArray.from([
      [1, 2, 1],
      [3, 4, 3],
    ]),
    'i32',
  ) as Tensor<number[], 'i32'>;
  const columns = await unique(x, 1);
  assert.is(columns.values.dtype, 'i32');
  assert.equal(await columns.values.array(), [
    [1, 2],
    [3, 4],
  ]);
  assert.equal(await columns.indices.array(), [0, 1, 0]);
  assert.equal(await columns.counts.array(), [2, 1]);
});

test('unique slices of more elements than a call takes arguments', async () => {
  const x = concat([zeros([2, 200_000]), full([1, 200_000], 1)]);
  const { indices, counts } = await unique(x, 0);
  assert.equal(await indices.array(), [0, 0, 1]);
  assert.equal(await counts.array(), [2, 1]);
});

test('what does not fit', async () => {
  const x = upload(new NdArray([4, 3]));
  const mask = upload(new NdArray([3]), 'bool');
  await rejects(() => booleanMask(x, mask), ShapeError, /^booleanMask: a mask \[3\]/);
  await rejects(() => booleanMask(x, x), DTypeError, /^booleanMask takes bool/);
  await rejects(() => unique(x, 2), ShapeError, /^unique: axis 2/);
});

test.run();
