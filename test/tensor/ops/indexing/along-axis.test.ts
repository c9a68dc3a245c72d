import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  DTypeError,
  ShapeError,
  scatterAlongAxis,
  takeAlongAxis,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { scatterAlong, takeAlong } from '../../../reference/indexing.ts';
import { choices, shapes, spread, whole } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: takeAlongAxis and scatterAlongAxis');

test('two rows', async () => {
  const x = upload(
    NdArray.from([
      [10, 20, 30],
      [40, 50, 60],
    ]),
  );
  const at = upload(
    NdArray.from([
      [2, 0],
      [1, 1],
    ]),
    'i32',
  );
  assert.equal(await takeAlongAxis(x, at).array(), [
    [30, 10],
    [50, 50],
  ]);
  assert.equal(await scatterAlongAxis(takeAlongAxis(x, at), at, 3).array(), [
    [10, 0, 30],
    [0, 100, 0],
  ]);
});

for (const dtype of ['f32', 'f16', 'i32', 'u32', 'bool', 'u8'] as const) {
  test(`${dtype} along any axis`, async () => {
    await holds(
      [shapes({ min: 1, size: 300 }), choices, fc.integer({ min: 1, max: 6 })],
      async (shape, pick, count) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference, name } = arrange(shape, pick, 1);
        const x = whole(base, pick[1]!, 0, dtype === 'bool' ? 1 : 255);
        // One row of indices for all, now and then.
        const others = shape.map((size, i) => (pick[i + 4]! > 8 ? 1 : size));
        const indices = whole(others.with(axis, count), pick[2]!, 0, shape[axis]! - 1);
        const actual = takeAlongAxis(
          view(upload(x, dtype)),
          upload(indices, 'i32'),
          axis - shape.length,
        );
        assert.is(actual.dtype, dtype);
        assertSame(await download(actual), takeAlong(reference(x), indices, axis), name);
      },
      dtype === 'f32' || dtype === 'u8' ? 8 : 3,
    );
  });
}

test('x broadcasts too', async () => {
  const x = whole([1, 4, 2], 1, 0, 9);
  const indices = whole([3, 5, 1], 2, 0, 3);
  const actual = await download(takeAlongAxis(upload(x), upload(indices, 'u32'), 1));
  assertSame(actual, takeAlong(x, indices, 1));
});

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  test(`scatterAlongAxis of ${dtype} along any axis: equal indices add up`, async () => {
    await holds(
      [shapes({ min: 1, size: 300 }), choices, fc.integer({ min: 1, max: 6 })],
      async (shape, pick, size) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference, name } = arrange(shape, pick, 1);
        const updates =
          dtype === 'f32' ? spread(base, pick[1]!, [-2, 2]) : whole(base, pick[1]!, 0, 99);
        const indices = whole(shape, pick[2]!, 0, size - 1);
        const given = upload(indices, 'i32');
        const actual = scatterAlongAxis(view(upload(updates, dtype)), given, size, axis);
        assert.is(actual.dtype, dtype);
        const expected = scatterAlong(reference(updates), indices, size, axis);
        const scale = scatterAlong(reference(updates).map(Math.abs), indices, size, axis);
        assertClose(await download(actual), expected, { relative: 1e-6, scale }, name);
      },
      dtype === 'f32' ? 8 : 3,
    );
  });
}

test('computed indices out of range give 0, and are not added', async () => {
  const x = upload(
    NdArray.from([
      [1, 2],
      [3, 4],
    ]),
  );
  const loose = upload(
    NdArray.from([
      [-1, 0],
      [2, 1],
    ]),
    'i32',
  ).add(0);
  assert.equal(await takeAlongAxis(x, loose).array(), [
    [0, 1],
    [0, 4],
  ]);
  assert.equal(await scatterAlongAxis(x, loose, 2).array(), [
    [2, 0],
    [0, 4],
  ]);
  const row = upload(NdArray.from([-1, 1, 2]), 'i32').add(0);
  assert.equal(await takeAlongAxis(upload(NdArray.from([5, 6])), row).array(), [0, 6, 0]);
});

test('gradients', async () => {
  for (const [shape, axis, count] of [
    [[7], 0, 4],
    [[3, 4], 1, 6],
    [[2, 3, 2], 1, 2],
  ] as [number[], number, number][]) {
    const picked = upload(whole(shape.with(axis, count), 2, 0, shape[axis]! - 1), 'i32');
    const places = whole(shape.with(axis, count), 2, 0, shape[axis]! - 1);
    const subjects = [
      {
        name: `takeAlongAxis of [${shape}]`,
        f: (x: AnyTensor) => takeAlongAxis(x.mul(x), picked, axis) as AnyTensor,
        reference: (x: NdArray) =>
          takeAlong(
            x.map((v) => v * v),
            places,
            axis,
          ),
        inputs: [spread(shape, 3, [-2, 2])],
      },
      {
        name: `scatterAlongAxis to [${shape}]`,
        f: (x: AnyTensor) => scatterAlongAxis(x.mul(x), picked, shape[axis]!, axis) as AnyTensor,
        reference: (x: NdArray) =>
          scatterAlong(
            x.map((v) => v * v),
            places,
            shape[axis]!,
            axis,
          ),
        inputs: [spread(shape.with(axis, count), 3, [-2, 2])],
      },
    ];
    for (const subject of subjects) {
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  }
});

test('nothing to take', async () => {
  const x = upload(new NdArray([2, 3]));
  const none = takeAlongAxis(x, upload(new NdArray([2, 0]), 'i32'));
  assert.equal(none.shape, [2, 0]);
  assert.is((await none.data()).length, 0);
  const empty = scatterAlongAxis(none, upload(new NdArray([2, 0]), 'i32'), 3);
  assert.equal(await empty.array(), [
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  const at = (shape: number[], value = 0) => upload(NdArray.full(shape, value), 'i32');
  refuses(
    () => takeAlongAxis(x, at([4, 1], 3)),
    ShapeError,
    /^takeAlongAxis: index 3 is out of range/,
  );
  refuses(
    () => takeAlongAxis(x, at([3])),
    ShapeError,
    /^takeAlongAxis: indices \[3\] must have as many axes/,
  );
  refuses(
    () => takeAlongAxis(x, at([2, 3])),
    ShapeError,
    /^takeAlongAxis: shapes .* do not broadcast/,
  );
  refuses(
    () => takeAlongAxis(x, upload(new NdArray([4, 1]))),
    DTypeError,
    /^takeAlongAxis: indices must be i32/,
  );
  refuses(() => takeAlongAxis(x, at([4, 1]), 2), ShapeError, /^takeAlongAxis: axis 2/);
  refuses(
    () => scatterAlongAxis(x, at([4, 2]), 3),
    ShapeError,
    /^scatterAlongAxis: needs one index/,
  );
  refuses(() => scatterAlongAxis(x, at([4, 3], 3), 3), ShapeError, /^scatterAlongAxis: index 3/);
  refuses(() => scatterAlongAxis(x.cast('bool'), at([4, 3]), 3), DTypeError, /^scatterAlongAxis/);
});

test.run();
