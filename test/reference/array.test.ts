import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { broadcastShapes, concat, NdArray, stack, where } from './array.ts';

const test = suite('reference: arrays');

const counting = (...shape: number[]) => NdArray.build(shape, (_, position) => position);
const isArray = (array: NdArray, nested: Parameters<typeof NdArray.from>[0]) =>
  assert.equal(array.toNested(), nested);

test('nested values come back as they went in', () => {
  for (const values of [3, [1, 2], [[1], [2]], [[[1, 2, 3]], [[4, 5, 6]]], [[], []]]) {
    isArray(NdArray.from(values), values);
  }
  assert.equal(NdArray.from([[true], [false]]).shape, [2, 1]);
  for (const ragged of [
    [[1, 2], [3]],
    [1, [2]],
    [[1], 2],
  ]) {
    assert.throws(() => NdArray.from(ragged), /ragged/);
  }
  assert.throws(() => new NdArray([2, 2], [1, 2, 3]), /3 values/);
});

test('an index finds its element and none outside', () => {
  assert.is(counting(2, 3, 4).at(1, 2, 3), 23);
  assert.is(counting(2, 3, 4).at(1, 0, 2), 14);
  assert.throws(() => counting(2, 3).at(0, 3), RangeError);
  assert.throws(() => counting(2, 3).at(0), RangeError);
});

test('shapes broadcast as in NumPy', () => {
  assert.equal(broadcastShapes([2, 1, 3], [4, 1], []), [2, 4, 3]);
  assert.equal(broadcastShapes([0, 1], [3]), [0, 3]);
  assert.equal(broadcastShapes(), []);
  assert.throws(() => broadcastShapes([2], [3]), /do not broadcast/);
  const sum = NdArray.from([[1], [2]]).zip(NdArray.from([10, 20, 30]), (a, b) => a + b);
  isArray(sum, [
    [11, 21, 31],
    [12, 22, 32],
  ]);
  isArray(NdArray.from([[1], [2]]).expand([2, 2, 2]), [
    [
      [1, 1],
      [2, 2],
    ],
    [
      [1, 1],
      [2, 2],
    ],
  ]);
  assert.throws(() => counting(2).expand([2, 1]), /does not expand/);
});

test('axes move', () => {
  isArray(counting(2, 3).transpose(), [
    [0, 3],
    [1, 4],
    [2, 5],
  ]);
  const moved = counting(2, 3, 4).transpose([2, 0, 1]);
  assert.equal(moved.shape, [4, 2, 3]);
  assert.is(moved.at(3, 1, 2), counting(2, 3, 4).at(1, 2, 3));
  assert.throws(() => counting(2, 3).transpose([0, 0]), RangeError);
  assert.equal(counting(2, 3).reshape([3, -1]).shape, [3, 2]);
  assert.equal(counting(1, 2, 1).squeeze().shape, [2]);
  assert.equal(counting(1, 2, 1).squeeze(-1).shape, [1, 2]);
  assert.throws(() => counting(1, 2).squeeze(1), /not 1/);
  assert.equal(counting(2, 3).unsqueeze(-1).shape, [2, 3, 1]);
  assert.equal(counting(2, 3).unsqueeze(0).shape, [1, 2, 3]);
});

test('parts are cut out and put together', () => {
  isArray(counting(3, 4).slice([0, 1], [2, 2], [2, 2]), [
    [1, 3],
    [9, 11],
  ]);
  isArray(counting(4).slice([3], [2], [-2]), [3, 1]);
  assert.throws(() => counting(4).slice([3], [2]), RangeError);
  isArray(counting(2).pad([1], [2], 9), [9, 0, 1, 9, 9]);
  isArray(counting(3).pad([-1], [0]), [1, 2]);
  isArray(counting(2, 2).flip(1), [
    [1, 0],
    [3, 2],
  ]);
  isArray(counting(2, 2).flip(), [
    [3, 2],
    [1, 0],
  ]);
  const [left, right] = counting(2, 3).split([1, 2], 1);
  isArray(left!, [[0], [3]]);
  isArray(right!, [
    [1, 2],
    [4, 5],
  ]);
  isArray(concat([left!, right!], -1), counting(2, 3).toNested());
  assert.is(counting(6).split(3).length, 3);
  assert.throws(() => counting(6).split(4), /does not split/);
  isArray(stack([counting(2), counting(2)], -1), [
    [0, 0],
    [1, 1],
  ]);
  assert.throws(() => concat([counting(2, 1), counting(2, 2)]), /concat/);
});

test('gather takes and scatterAdd gives back', () => {
  const indices = NdArray.from([
    [2, 0],
    [2, 2],
  ]);
  const taken = counting(2, 3).gather(indices, 1);
  isArray(taken, [
    [
      [2, 0],
      [2, 2],
    ],
    [
      [5, 3],
      [5, 5],
    ],
  ]);
  isArray(taken.scatterAdd(indices, 1, 3), [
    [0, 0, 6],
    [3, 0, 15],
  ]);
  assert.throws(() => counting(2).gather(NdArray.from([2])), RangeError);
  assert.throws(() => counting(1).scatterAdd(NdArray.from([2]), 0, 2), RangeError);
});

test('where chooses and broadcasts', () => {
  const condition = NdArray.from([[1], [0]]);
  isArray(where(condition, NdArray.from([5, 6]), NdArray.from(7)), [
    [5, 6],
    [7, 7],
  ]);
});

test('a cast cuts fractions, keeps to the bounds, and wraps integers', () => {
  const values = NdArray.from([1.9, -1.9, 3e9, -3e9, Number.NaN, 300]);
  isArray(values.cast('i32'), [1, -1, 2147483647, -2147483648, 0, 300]);
  isArray(values.cast('u32'), [1, 0, 3e9, 0, 0, 300]);
  isArray(values.cast('u8'), [1, 0, 255, 0, 0, 255]);
  isArray(values.cast('bool'), [1, 1, 1, 1, 1, 1]);
  isArray(NdArray.from([0.1]).cast('f32'), [Math.fround(0.1)]);
  isArray(NdArray.from([-1, 300]).cast('u32', 'i32'), [4294967295, 300]);
  isArray(NdArray.from([4294967295, 7]).cast('i32', 'u32'), [-1, 7]);
  isArray(NdArray.from([-1, 300]).cast('u8', 'i32'), [255, 44]);
});

test.run();
