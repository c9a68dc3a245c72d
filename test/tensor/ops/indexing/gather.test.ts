import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  DTypeError,
  gather,
  ShapeError,
  scatterAdd,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { choices, shapes, spread, whole } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: gather and scatterAdd');

// Types narrower than what these tests decide at run time.
const take = gather as unknown as (
  x: AnyTensor,
  indices: AnyTensor,
  axis?: number,
  batchDims?: number,
) => AnyTensor;
const give = scatterAdd as unknown as (
  updates: AnyTensor,
  indices: AnyTensor,
  size: number,
  axis?: number,
) => AnyTensor;

for (const dtype of ['f32', 'i32', 'u32', 'bool', 'u8'] as const) {
  test(`gather of ${dtype} along any axis`, async () => {
    await holds(
      [shapes({ min: 1, size: 200 }), shapes({ max: 2, size: 20 }), choices],
      async (shape, picked, pick) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference, name } = arrange(shape, pick, 1);
        const x = whole(base, pick[1]!, 0, dtype === 'bool' ? 1 : 255);
        const indices = whole(picked, pick[2]!, 0, shape[axis]! - 1);
        const actual = take(view(upload(x, dtype)), upload(indices, 'i32'), axis);
        assert.is(actual.dtype, dtype);
        assertSame(await download(actual), reference(x).gather(indices, axis), name);
      },
      dtype === 'f32' || dtype === 'u8' ? 8 : 3,
    );
  });
}

/** Each batch by itself, in plain loops. */
function gatherBatches(x: NdArray, indices: NdArray, axis: number, batches: number): NdArray {
  const own = indices.shape.slice(batches);
  const shape = [...x.shape.slice(0, axis), ...own, ...x.shape.slice(axis + 1)];
  return NdArray.build(shape, (index) => {
    const chosen = index.slice(axis, axis + own.length);
    const at = indices.at(...index.slice(0, batches), ...chosen);
    return x.at(...index.slice(0, axis), at, ...index.slice(axis + own.length));
  });
}

test('batches, each at indices of its own', async () => {
  await holds(
    [shapes({ min: 1, size: 200 }), shapes({ max: 2, size: 8 }), choices],
    async (shape, own, pick) => {
      const axis = pick[0]! % shape.length;
      const batches = pick[1]! % (axis + 1);
      const picked = [...shape.slice(0, batches), ...own];
      const { base, view, reference, name } = arrange(shape, pick, 1);
      const x = spread(base, pick[1]!, [-9, 9]);
      const indices = whole(picked, pick[2]!, 0, shape[axis]! - 1);
      const given = batches - (own.length > 0 ? picked.length : 0);
      const actual = take(view(upload(x)), upload(indices, 'i32'), axis, given);
      const expected = gatherBatches(reference(x), indices, axis, batches);
      assertSame(await download(actual), expected, `${name}, ${batches} batches by [${picked}]`);
    },
    12,
  );
});

test('batches: an axis of their own if left out, and computed indices out of range', async () => {
  const x = spread([2, 3], 1, [-9, 9]);
  const loose = new NdArray([2, 2], [3, 0, -1, 2]);
  const actual = take(upload(x), upload(loose, 'i32').add(0), undefined, 1);
  assert.equal([...(await actual.data())], [0, x.data[0], 0, x.data[5]]);
});

test('batches that do not fit', () => {
  const x = upload(new NdArray([2, 3, 4]));
  const at = (...shape: number[]) => upload(new NdArray(shape), 'i32');
  const refusal =
    /^gather: batchDims .* must be a number of leading axes that x \[2,3,4\] and indices/;
  refuses(() => take(x, at(2, 3), 1, 2), ShapeError, refusal);
  refuses(() => take(x, at(3, 2), 2, 1), ShapeError, refusal);
  refuses(() => take(x, at(2), 2, 2), ShapeError, refusal);
  refuses(() => take(x, at(2), 2, -2), ShapeError, refusal);
  refuses(() => take(x, at(2), 2, 0.5), ShapeError, refusal);
});

test('indices of every dtype, computed ones too', async () => {
  const x = spread([5, 3], 1, [-9, 9]);
  const indices = new NdArray([4], [4, 0, 0, 2]);
  const expected = x.gather(indices);
  for (const dtype of ['i32', 'u32', 'u8'] as const) {
    assertSame(await download(take(upload(x), upload(indices, dtype))), expected, dtype);
  }
  const computed = upload(indices.map((i) => 4 - i))
    .neg()
    .add(4)
    .cast('i32');
  assertSame(await download(take(upload(x), computed)), expected, 'computed');
  const loose = upload(new NdArray([3], [-1, 4, 5]), 'i32').add(0);
  const [zero, row] = [NdArray.full([1, 3], 0), x.slice([4, 0], [1, 3])];
  const actual = await download(take(upload(x), loose));
  assertSame(actual.slice([0, 0], [1, 3]), zero, 'below the range');
  assertSame(actual.slice([1, 0], [1, 3]), row, 'in the range');
  assertSame(actual.slice([2, 0], [1, 3]), zero, 'above the range');
});

test('the method, and an axis from the end', async () => {
  const x = spread([2, 3, 4], 1, [-9, 9]);
  const indices = new NdArray([2], [3, 1]);
  assertSame(await download(upload(x).gather(upload(indices, 'i32'), -1)), x.gather(indices, 2));
});

test('nothing to gather', async () => {
  const none = take(upload(new NdArray([3, 2])), upload(new NdArray([0]), 'i32'));
  assert.equal(none.shape, [0, 2]);
  assert.is((await none.data()).length, 0);
  const scalar = take(upload(new NdArray([3], [1, 2, 3])), upload(new NdArray([], [1]), 'i32'));
  assert.equal(scalar.shape, []);
  assert.is(await scalar.item(), 2);
});

test('scatterAdd along any axis: equal indices add up', async () => {
  await holds(
    [shapes({ min: 1, size: 200 }), choices, fc.integer({ min: 1, max: 6 })],
    async (shape, pick, size) => {
      const axis = pick[0]! % shape.length;
      const { base, view, reference, name } = arrange(shape, pick, 1);
      const updates = spread(base, pick[1]!, [-2, 2]);
      const indices = whole([shape[axis]!], pick[2]!, 0, size - 1);
      const actual = await download(
        give(view(upload(updates)), upload(indices, 'i32'), size, axis - shape.length),
      );
      const expected = reference(updates).scatterAdd(indices, axis, size);
      const scale = reference(updates).map(Math.abs).scatterAdd(indices, axis, size);
      assertClose(actual, expected, { relative: 1e-6, scale }, name);
    },
    8,
  );
});

test('gradients', async () => {
  await holds(
    [shapes({ min: 1, max: 3, size: 30 }), shapes({ max: 2, size: 8 }), choices],
    async (shape, picked, pick) => {
      const axis = pick[0]! % shape.length;
      const indices = whole(picked, pick[2]!, 0, shape[axis]! - 1);
      const subject = {
        name: `gather of [${shape}] by [${picked}]`,
        f: (x: AnyTensor) => {
          const rows = take(x, upload(indices, 'i32'), axis);
          return rows.mul(rows);
        },
        reference: (x: NdArray) => x.gather(indices, axis).map((v) => v * v),
        inputs: [spread(shape, 1, [-2, 2])],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    },
    4,
  );
  const each = new NdArray([2, 3], [1, 3, 1, 0, 0, 2]);
  const batched = {
    name: 'gather of batches',
    f: (x: AnyTensor) => take(x.mul(x), upload(each, 'i32'), 2, 1),
    reference: (x: NdArray) =>
      gatherBatches(
        x.map((v) => v * v),
        each,
        2,
        1,
      ),
    inputs: [spread([2, 2, 4], 3, [-2, 2])],
  };
  await assertGradients(batched);
  await assertSecondGradients(batched);
  const indices = new NdArray([5], [0, 2, 2, 1, 2]);
  const scatter = {
    name: 'scatterAdd',
    f: (x: AnyTensor) => give(x.mul(x), upload(indices, 'i32'), 3, 1),
    reference: (x: NdArray) => x.map((v) => v * v).scatterAdd(indices, 1, 3),
    inputs: [spread([2, 5, 3], 2, [-2, 2])],
  };
  await assertGradients(scatter);
  await assertSecondGradients(scatter);
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  const at = (values: number[], dtype: 'i32' | 'f32' | 'bool' = 'i32') =>
    upload(new NdArray([values.length], values), dtype);
  refuses(() => take(x, at([4])), ShapeError, /^gather: index 4 is out of range; .*4 elements/);
  refuses(() => take(x, at([0, -1])), ShapeError, /^gather: index -1 is out of range/);
  refuses(() => take(upload(new NdArray([0, 3])), at([0])), ShapeError, /axis has no elements/);
  refuses(() => take(x, at([0], 'f32')), DTypeError, /^gather: indices must be i32, got f32/);
  refuses(() => take(x, at([0], 'bool')), DTypeError, /^gather/);
  refuses(() => take(x, at([0]), 2), ShapeError, /^gather: axis 2 does not exist/);
  refuses(
    () => give(x, at([0, 1]), 5),
    ShapeError,
    /^scatterAdd: needs one index for each of the 4/,
  );
  refuses(() => give(x, at([0, 1, 5, 0]), 5), ShapeError, /^scatterAdd: index 5 is out of range/);
  refuses(() => give(x.cast('u8'), at([0, 1, 2, 0]), 5), DTypeError, /^scatterAdd/);
  refuses(() => give(x, at([0, 1, 2, 0]), -5), ShapeError, /^scatterAdd/);
});

test.run();
