import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  argSort,
  kthValue,
  ShapeError,
  sort,
  topK,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import * as reference from '../../../reference/sorting.ts';
import { choices, extremes, shapes, spread, whole } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: sort, argSort and topK');

test('five numbers', async () => {
  const x = upload(new NdArray([5], [3, -1, 2, 3, 0]));
  assert.equal(await sort(x).array(), [-1, 0, 2, 3, 3]);
  assert.equal(await argSort(x).array(), [1, 4, 2, 0, 3]);
  assert.equal(await sort(x, { descending: true }).array(), [3, 3, 2, 0, -1]);
  assert.equal(await argSort(x, { descending: true }).array(), [0, 3, 2, 4, 1]);
  const { values, indices } = topK(x, 2);
  assert.equal(await values.array(), [3, 3]);
  assert.equal(await indices.array(), [0, 3]);
  const least = topK(x, 3, { largest: false });
  assert.equal(await least.values.array(), [-1, 0, 2]);
  assert.equal(await least.indices.array(), [1, 4, 2]);
});

for (const dtype of ['f32', 'f16', 'i32', 'u32', 'u8', 'bool'] as const) {
  test(`${dtype} along any axis`, async () => {
    await holds(
      [shapes({ min: 1, size: 1000 }), choices, fc.boolean(), fc.boolean()],
      async (shape, pick, descending, many) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference: seen, name } = arrange(shape, pick, 1);
        const least = dtype === 'f32' || dtype === 'f16' || dtype === 'i32' ? -9 : 0;
        const x =
          many && dtype === 'f32'
            ? extremes(base, pick[1]!)
            : whole(base, pick[1]!, least, dtype === 'bool' ? 1 : 9);
        const t = view(upload(x, dtype));
        const options = { axis: axis - (pick[2]! % 2) * shape.length, descending };
        const order = argSort(t, options);
        assert.is(order.dtype, 'i32');
        assertSame(await download(order), reference.argSort(seen(x), axis, descending), name);
        const sorted = sort(t, options);
        assert.is(sorted.dtype, dtype);
        assertSame(await download(sorted), reference.sort(seen(x), axis, descending), name);
        const k = 1 + (pick[3]! % shape[axis]!);
        const { values, indices } = topK(t, k, { axis, largest: descending });
        const first = shape.with(axis, k);
        const starts = shape.map(() => 0);
        const [all, places] = [reference.sort, reference.argSort].map((of) =>
          of(seen(x), axis, descending).slice(starts, first),
        );
        assertSame(await download(values), all!, `${k} of ${name}`);
        assertSame(await download(indices), places!, `places of ${k} of ${name}`);
      },
      dtype === 'f32' ? 10 : 3,
    );
  });
}

test('long rows, and short ones by the thousand', async () => {
  for (const shape of [
    [2, 5000],
    [3000, 7],
    [1, 70_001],
  ]) {
    const x = whole(shape, 1, -500, 500);
    assertSame(await download(argSort(upload(x))), reference.argSort(x), `[${shape}]`);
  }
});

test('NaN is above all numbers, zeros are equal', async () => {
  const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
  const x = upload(new NdArray([8], [0, nan, inf, -0, -inf, nan, 0, -1]));
  assert.equal(await argSort(x).array(), [4, 7, 0, 3, 6, 2, 1, 5]);
  assert.equal(await argSort(x, { descending: true }).array(), [1, 5, 2, 0, 3, 6, 7, 4]);
  const zeros = (await sort(x).data()).slice(2, 5);
  assert.equal(
    [...zeros].map((v) => Object.is(v, -0)),
    [false, true, false],
  );
  assert.equal(await topK(x, 3).indices.array(), [1, 5, 2]);
});

test('gradients go back to where elements were', async () => {
  for (const [shape, axis] of [
    [[7], 0],
    [[3, 5], -1],
    [[4, 2, 3], 0],
  ] as const) {
    const inputs = [spread([...shape], 3, [-2, 2])];
    const squared = (x: AnyTensor) => x.mul(x);
    const subjects = [
      {
        name: `sort of [${shape}]`,
        f: (x: AnyTensor) => squared(sort(x, { axis, descending: true })),
        reference: (x: NdArray) => reference.sort(x, axis, true).map((v) => v * v),
        inputs,
      },
      {
        name: `topK of [${shape}]`,
        f: (x: AnyTensor) => squared(topK(x, 2, { axis }).values),
        reference: (x: NdArray) =>
          reference.mapLines(x, axis, (line) =>
            line
              .toSorted((a, b) => b - a)
              .slice(0, 2)
              .map((v) => v * v),
          ),
        inputs,
      },
    ];
    for (const subject of subjects) {
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  }
});

test('nothing to sort', async () => {
  const none = upload(new NdArray([2, 0]));
  assert.equal(sort(none).shape, [2, 0]);
  assert.equal(argSort(none, { axis: 0 }).shape, [2, 0]);
  assert.equal((await sort(none).data()).length, 0);
  const { values, indices } = topK(upload(new NdArray([2, 3])), 0);
  assert.equal(
    [values.shape, indices.shape],
    [
      [2, 0],
      [2, 0],
    ],
  );
  assert.is((await values.data()).length, 0);
});

test('kthValue along any axis', async () => {
  const x = upload(new NdArray([5], [3, -1, 2, 3, 0]));
  assert.is(await kthValue(x, 4).values.item(), 3);
  assert.is(await kthValue(x, 4).indices.item(), 0);
  await holds([shapes({ min: 1, size: 300 }), choices], async (shape, pick) => {
    const axis = pick[0]! % shape.length;
    const k = 1 + (pick[1]! % shape[axis]!);
    const values = whole(shape, pick[2]!, -9, 9);
    const starts = shape.map((_, at) => (at === axis ? k - 1 : 0));
    const kept = shape.with(axis, 1);
    const { values: found, indices } = kthValue(upload(values), k, { axis, keepDims: true });
    assertSame(await download(found), reference.sort(values, axis).slice(starts, kept));
    assertSame(await download(indices), reference.argSort(values, axis).slice(starts, kept));
    assert.equal(kthValue(upload(values), k, { axis }).values.shape, shape.toSpliced(axis, 1));
  });
  const subject = {
    f: (t: AnyTensor) => kthValue(t.mul(t), 2, { axis: 1 }).values,
    reference: (t: NdArray) =>
      reference
        .sort(
          t.map((v) => v * v),
          1,
        )
        .slice([0, 1], [3, 1])
        .reshape([3]),
    inputs: [spread([3, 4], 3, [-2, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
  refuses(() => kthValue(x, 0), ArgumentError, /^kthValue: k 0/);
  refuses(() => kthValue(x, 6), ArgumentError, /^kthValue: k 6/);
  refuses(() => kthValue(x, 1, { axis: 1 }), ShapeError, /^kthValue: axis 1/);
  refuses(
    () => kthValue(upload(new NdArray([3, 0])), 1),
    ShapeError,
    /^kthValue: axis 1 of \[3,0\] has no elements/,
  );
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  refuses(() => sort(x, { axis: 2 }), ShapeError, /^sort: axis 2 does not exist/);
  refuses(() => argSort(upload(new NdArray([]))), ShapeError, /^argSort: .* a scalar has no axes/);
  refuses(() => sort(x, { descending: 1 as never }), ArgumentError, /^sort: descending 1/);
  refuses(
    () => sort(x, { desc: true } as never),
    ArgumentError,
    /^sort: there is no option 'desc'/,
  );
  refuses(() => topK(x, 4), ArgumentError, /^topK: k 4 must not be above 3, .*\[4,3\]/);
  refuses(() => topK(x, -1), ArgumentError, /^topK: k -1/);
  refuses(() => topK(x, 1.5), ArgumentError, /^topK: k 1.5/);
});

test.run();
