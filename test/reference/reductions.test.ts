import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NdArray } from './array.ts';
import { numericalGradient } from './finite-difference.ts';
import { matMul } from './linear.ts';
import * as reductions from './reductions.ts';

const test = suite('reference: reductions and matMul');

const values = NdArray.from([
  [
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [7, 0],
  ],
]);

test('any axes are reduced, and kept as 1 where asked', () => {
  assert.is(reductions.sum(values).item(), 28);
  assert.equal(reductions.sum(values, 0).toNested(), [
    [6, 8],
    [10, 4],
  ]);
  assert.equal(reductions.sum(values, [0, -1]).toNested(), [14, 14]);
  assert.equal(reductions.sum(values, [0, 2], true).shape, [1, 2, 1]);
  assert.equal(reductions.sum(values, []).toNested(), values.toNested());
  assert.equal(reductions.mean(values, [1, 2]).toNested(), [2.5, 4.5]);
  assert.equal(reductions.prod(values, [1, 2]).toNested(), [24, 0]);
  assert.equal(reductions.max(values, 2).toNested(), [
    [2, 4],
    [6, 7],
  ]);
  assert.equal(reductions.min(values, [0, 1]).toNested(), [1, 0]);
  assert.equal(reductions.any(values, [1, 2]).toNested(), [1, 1]);
  assert.equal(reductions.all(values, [1, 2]).toNested(), [1, 0]);
});

test('the first extreme is counted over the reduced axes', () => {
  assert.equal(reductions.argMax(values, 2).toNested(), [
    [1, 1],
    [1, 0],
  ]);
  assert.is(reductions.argMin(values).item(), 7);
  assert.is(reductions.argMax(NdArray.from([1, 5, 5])).item(), 1);
});

test('variance and logSumExp', () => {
  const row = NdArray.from([1, 2, 3, 4]);
  assert.is(reductions.variance(row).item(), 1.25);
  assert.is(reductions.variance(row, 0, false, 1).item(), 5 / 3);
  assert.is(reductions.logSumExp(NdArray.from([1000, 1000])).item(), 1000 + Math.LN2);
  assert.is(
    reductions.logSumExp(NdArray.from([Number.NEGATIVE_INFINITY])).item(),
    Number.NEGATIVE_INFINITY,
  );
});

test('nothing sums to 0 and has no largest element', () => {
  const empty = new NdArray([2, 0]);
  assert.equal(reductions.sum(empty, 1).toNested(), [0, 0]);
  assert.equal(reductions.max(empty, 1).toNested(), [
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  assert.equal(reductions.sum(empty, 0).shape, [0]);
});

test('matrices multiply, and their batches broadcast', () => {
  const a = NdArray.from([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const b = NdArray.from([[1], [10], [100]]);
  assert.equal(matMul(a, b).toNested(), [[321], [654]]);
  const batch = NdArray.from([[[[1], [0], [0]]], [[[0], [0], [1]]]]);
  assert.equal(matMul(a, batch).toNested(), [[[[1], [4]]], [[[3], [6]]]]);
  assert.throws(() => matMul(a, a), /matMul/);
});

test('finite differences find the gradient of a polynomial', () => {
  const gradient = numericalGradient((x) => x[0]! ** 2 * x[1]! + x[2]!, [3, -200, 0]);
  for (const [i, expected] of [-1200, 9, 1].entries()) {
    assert.ok(Math.abs(gradient[i]! - expected) < 1e-8 * Math.max(1, Math.abs(expected)));
  }
});

test.run();
