import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  arange,
  DTypeError,
  eye,
  full,
  fullLike,
  linspace,
  oneHot,
  ones,
  onesLike,
  ShapeError,
  tensor,
  zeros,
  zerosLike,
} from '../../../src/index.ts';
import { NdArray, type Nested } from '../../reference/array.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: creation');

async function same(actual: unknown, expected: Nested, what?: string) {
  assertSame(await download(actual as AnyTensor), NdArray.from(expected), what);
}

test('nested arrays', async () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.equal(x.shape, [2, 3]);
  assert.is(x.dtype, 'f32');
  await same(x, [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.equal(tensor(5).shape, []);
  assert.equal(tensor([]).shape, [0]);
  assert.equal(tensor([[], []]).shape, [2, 0]);
  assert.equal(tensor([[[1]], [[2]]]).shape, [2, 1, 1]);
});

test('the dtype follows the values or is asked for', async () => {
  assert.is(tensor([true, false]).dtype, 'bool');
  assert.is(tensor(true).dtype, 'bool');
  for (const dtype of ['f32', 'i32', 'u32', 'u8'] as const) {
    const x = tensor([1, 0, 7], { dtype });
    assert.is(x.dtype, dtype);
    await same(x, [1, 0, 7], dtype);
    await same(x.cast('f32').add(1), [2, 1, 8], `${dtype} on the device`);
  }
  await same(tensor([3, 0], { dtype: 'bool' }), [1, 0]);
});

test('typed arrays', async () => {
  for (const [values, dtype] of [
    [Float32Array.of(1, 2.5, -3, 4), 'f32'],
    [Int32Array.of(1, -2, 3, 4), 'i32'],
    [Uint32Array.of(1, 2, 3, 4e9), 'u32'],
    [Uint8Array.of(1, 2, 3, 255), 'u8'],
  ] as const) {
    const x = tensor(values, [2, 2]);
    assert.is(x.dtype, dtype);
    assertSame(await download(x), new NdArray([2, 2], values));
    assertSame(await download(x.reshape([4]).flip()), new NdArray([4], values).flip());
  }
  await same(tensor(Uint8Array.of(1, 0, 1), [3], { dtype: 'bool' }), [1, 0, 1]);
  await same(tensor(Float32Array.of(1, 2), [2], { dtype: 'i32' }), [1, 2]);
  // One dimension is what a list has.
  assert.equal((tensor as (values: unknown) => AnyTensor)(new Float32Array(3)).shape, [3]);
});

test('rows may be typed arrays, whose dtype the tensor has', async () => {
  const rows = tensor([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  await same(rows, [
    [1, 2],
    [3, 4],
  ]);
  const words = tensor([Int32Array.of(-5), Int32Array.of(6)]);
  assert.equal([words.shape, words.dtype], [[2, 1], 'i32']);
  await same(words, [[-5], [6]]);
  const make = tensor as (...args: unknown[]) => AnyTensor;
  const deep = make([[Uint8Array.of(1), Uint8Array.of(2)]], { dtype: 'f32' });
  assert.equal([deep.shape, deep.dtype], [[1, 2, 1], 'f32']);
  refuses(() => make([Int32Array.of(1), Float32Array.of(2)]), DTypeError, /i32 and f32 at once/);
  refuses(() => make([true, 2]), DTypeError, /bool and f32 at once/);
});

test('values that cannot be', () => {
  const make = tensor as (...args: unknown[]) => unknown;
  const throws = (args: unknown[], kind: typeof ShapeError, message: RegExp) =>
    refuses(() => make(...args), kind, message);
  throws([[[1, 2], [3]]], ShapeError, /the one at \[1\] has 1 elements, where the first has 2/);
  throws([[1, [2]]], ShapeError, /^tensor: nested arrays must be regular/);
  throws([new Float32Array(5), [2, 3]], ShapeError, /5 values do not fill shape \[2,3\]/);
  throws([new Float32Array(2), [-2, -1]], ShapeError, /is no shape/);
  throws([[1.5], { dtype: 'i32' }], DTypeError, /1.5 is no i32/);
  throws([[-1], { dtype: 'u32' }], DTypeError, /-1 is no u32/);
  throws([[256], { dtype: 'u8' }], DTypeError, /256 is no u8 .*0 to 255/);
  throws([[Number.NaN], { dtype: 'i32' }], DTypeError, /NaN is no i32/);
  throws([new BigInt64Array(2), [2]], DTypeError, /BigInt64Array is no element type/);
});

test('full, zeros and ones', async () => {
  await same(zeros([2, 2]), [
    [0, 0],
    [0, 0],
  ]);
  await same(ones([3]), [1, 1, 1]);
  await same(full([], -2.5), -2.5);
  await same(full([2], 3e38).mul(10), [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  await same(full([1], Number.NaN), [Number.NaN]);
  await same(full([2], -7, { dtype: 'i32' }), [-7, -7]);
  await same(full([2], 4e9, { dtype: 'u32' }), [4e9, 4e9]);
  await same(full([5], 200, { dtype: 'u8' }), [200, 200, 200, 200, 200]);
  await same(full([2], 1, { dtype: 'bool' }), [1, 1]);
  assert.equal(await zeros([0, 3]).data(), new Float32Array(0));
  assert.throws(
    () => zeros([-1] as number[]),
    (error: Error) => error instanceof ShapeError,
  );
  assert.throws(
    () => full([1.5] as number[], 1),
    (error: Error) => error instanceof ShapeError,
  );
});

test('a fill that the dtype cannot hold', () => {
  for (const [value, dtype] of [
    [1.5, 'i32'],
    [-1, 'u32'],
    [256, 'u8'],
  ] as const) {
    assert.throws(
      () => full([2], value, { dtype }),
      (error: Error) => error instanceof DTypeError && error.message.includes(`is no ${dtype}`),
      `${value} as ${dtype}`,
    );
  }
});

test('arange', async () => {
  await same(arange(4), [0, 1, 2, 3]);
  await same(arange(2, 5), [2, 3, 4]);
  await same(arange(0, 1, 0.25), [0, 0.25, 0.5, 0.75]);
  await same(arange(5, 0, -2), [5, 3, 1]);
  await same(arange(3, 3), []);
  await same(arange(3, 0), []);
  await same(arange(5, undefined, 2), [0, 2, 4]);
  for (const dtype of ['i32', 'u32', 'u8'] as const) {
    const x = arange(5, undefined, 1, { dtype });
    assert.is(x.dtype, dtype);
    await same(x, [0, 1, 2, 3, 4], dtype);
    await same(arange(1, 9, 3, { dtype }), [1, 4, 7], dtype);
  }
  await same(arange(0, 2.5), [0, 1, 2]);
  await same(arange(1000).sum(), 499500);
  await same(arange(256, undefined, 1, { dtype: 'u8' }).slice([254]), [254, 255], 'u8');
  assert.throws(
    () => arange(257, undefined, 1, { dtype: 'u8' }),
    (error: Error) => error instanceof DTypeError && /^arange: 256 is no u8/.test(error.message),
  );
  assert.throws(
    () => arange(0, 1, 0),
    (error: Error) => error instanceof ShapeError && /step must not be 0/.test(error.message),
  );
});

test('linspace', async () => {
  const close = async (x: unknown, expected: number[]) =>
    assertClose(await download(x as AnyTensor), new NdArray([expected.length], expected));
  await close(linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1]);
  await close(linspace(1, -1, 3), [1, 0, -1]);
  await close(linspace(2, 9, 1), [2]);
  await close(linspace(2, 9, 0), []);
  await close(linspace(0, 0.7, 8), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
});

test('eye', async () => {
  await same(eye(3), [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  await same(eye(2, 4), [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
  ]);
  assert.equal(eye(0).shape, [0, 0]);
  assert.is(eye(2).dtype, 'f32');
});

test('oneHot', async () => {
  for (const dtype of ['i32', 'u32', 'u8'] as const) {
    const hot = oneHot(upload(NdArray.from([2, 0, 1]), dtype), 4);
    assert.is(hot.dtype, 'f32');
    await same(
      hot,
      [
        [0, 0, 1, 0],
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
      dtype,
    );
  }
  const grid = upload(
    NdArray.from([
      [0, 1],
      [1, 5],
    ]),
    'i32',
  );
  const expected = [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [0, 1],
      [0, 0],
    ],
  ];
  await same(oneHot(grid, 2), expected, 'a class out of range is none');
  assert.throws(
    () => oneHot(upload(NdArray.from([0.5])), 2),
    (error: Error) => error instanceof DTypeError && /^oneHot/.test(error.message),
  );
});

test('typed arrays of other kinds become the dtype that holds them', async () => {
  for (const [values, dtype] of [
    [Float64Array.of(0.1, 2), 'f32'],
    [Int8Array.of(-128, 127), 'i32'],
    [Int16Array.of(-32768, 32767), 'i32'],
    [Uint16Array.of(0, 65535), 'u32'],
    [Uint8ClampedArray.of(0, 255), 'u8'],
  ] as const) {
    for (const x of [tensor(values, [2]), tensor([values]).reshape([2])] as AnyTensor[]) {
      assert.is(x.dtype, dtype);
      assert.equal([...(await x.data())], [...values].map(Math.fround));
    }
  }
  const halves = tensor(Float64Array.of(0.5, 1), [2], { dtype: 'f16' });
  assert.equal([...(await halves.data())], [0.5, 1]);
});

test('pixels of a canvas', async () => {
  const image = { width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 255, 5, 6, 7, 0) };
  const x = tensor(image);
  assert.equal(x.shape, [1, 2, 4]);
  assert.is(x.dtype, 'u8');
  image.data.fill(9);
  assert.equal(await x.array(), [
    [
      [1, 2, 3, 255],
      [5, 6, 7, 0],
    ],
  ]);
  assert.is(tensor(image, { dtype: 'f32' }).dtype, 'f32');
  assert.throws(
    () => tensor({ ...image, width: 3 }),
    (error: Error) => error instanceof ShapeError && /8 values do not fill/.test(error.message),
  );
});

test('zeros, ones and a number like another tensor', async () => {
  const x = tensor(Int32Array.of(1, 2, 3), [3]);
  for (const [y, value] of [
    [zerosLike(x), 0],
    [onesLike(x), 1],
    [fullLike(x, -7), -7],
  ] as const) {
    assert.equal(await y.data(), Int32Array.of(value, value, value));
  }
  assert.throws(
    () => fullLike(x, 0.5),
    (error: Error) => error instanceof DTypeError && /^fullLike: 0.5 is no i32/.test(error.message),
  );
});

test.run();
