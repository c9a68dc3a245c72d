import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  median,
  quantile,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { reduce } from '../../../reference/reductions.ts';
import { quantileOf } from '../../../reference/sorting.ts';
import { choices, shapes, spread } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: quantile and median');

const expected = (x: NdArray, q: number, axis: number | undefined, keepDims = false) =>
  reduce(x, axis, keepDims, (line) => quantileOf(line, q));

test('five numbers, and four', async () => {
  const x = upload(new NdArray([5], [5, 1, 4, 2, 3]));
  assert.is(await median(x).item(), 3);
  assert.is(await quantile(x, 0.25).item(), 2);
  assert.equal(await quantile(x, [0, 0.125, 1]).array(), [1, 1.5, 5]);
  assert.is(await median(upload(new NdArray([4], [4, 1, 3, 2]))).item(), 2.5);
});

test('along any axis', async () => {
  await holds(
    [shapes({ min: 1, size: 600 }), choices, fc.boolean(), fc.constantFrom(0, 0.1, 0.5, 0.77, 1)],
    async (shape, pick, keepDims, q) => {
      const axis = pick[0]! > 8 ? undefined : pick[0]! % shape.length;
      const { base, view, reference, name } = arrange(shape, pick);
      const x = spread(base, pick[1]!, [-4, 4]);
      const actual = await download(quantile(view(upload(x)), q, axis, keepDims));
      assertClose(actual, expected(reference(x), q, axis, keepDims), { scale: 4 }, name);
    },
    10,
  );
});

test('several shares are a new first axis', async () => {
  const x = spread([3, 4], 1, [-4, 4]);
  const several = await download(quantile(upload(x), [0.3, 0.9], 1));
  assert.equal(several.shape, [2, 3]);
  assertClose(several.slice([1, 0], [1, 3]).reshape([3]), expected(x, 0.9, 1), { scale: 4 });
});

test('NaN anywhere in a line, and infinities', async () => {
  const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
  const x = NdArray.from([
    [1, nan, 3],
    [-inf, 2, inf],
    [inf, inf, 1],
  ]);
  assertSame(await download(median(upload(x), 1)), NdArray.from([nan, 2, inf]));
  assertSame(await download(quantile(upload(x), 0, 1)), NdArray.from([nan, -inf, 1]));
});

test('between equal infinities, opposite ones, and numbers farther apart than f32 reaches', async () => {
  const [nan, inf, far] = [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 127];
  const x = NdArray.from([
    [inf, inf],
    [-inf, -inf],
    [-inf, inf],
    [1, inf],
    [-far, far],
    [-far, 3 * 2 ** 125],
  ]);
  const expected = NdArray.from([inf, -inf, nan, inf, 0, -(2 ** 124)]);
  assertSame(await download(median(upload(x), 1)), expected);
});

test('gradients', async () => {
  const inputs = [spread([3, 4], 3, [-2, 2])];
  for (const [q, axis] of [
    [0.5, 1],
    [0.3, 0],
    [0.8, undefined],
  ] as const) {
    const subject = {
      name: `quantile ${q} along ${axis}`,
      f: (x: AnyTensor) => quantile(x, q, axis),
      reference: (x: NdArray) => expected(x, q, axis),
      inputs,
    };
    await assertGradients(subject);
    await assertSecondGradients({
      ...subject,
      f: (x) => median(x.mul(x), axis),
      reference: (x) =>
        expected(
          x.map((v) => v * v),
          0.5,
          axis,
        ),
    });
  }
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  refuses(() => quantile(x, 1.5), ArgumentError, /^quantile: q 1.5/);
  refuses(() => quantile(x, [0.5, -1]), ArgumentError, /^quantile: q \[0.5, -1\]/);
  refuses(() => quantile(x, []), ArgumentError, /^quantile: q \[\] must have a number/);
  refuses(() => quantile(x, 0.5, 2), ShapeError, /^quantile: axis 2/);
  refuses(() => median(x.cast('i32')), DTypeError, /^median takes f32/);
  refuses(() => median(upload(new NdArray([0]))), ShapeError, /^median: .*no elements/);
});

test.run();
