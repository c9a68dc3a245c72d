import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, type DType, device, ShapeError, type Tensor } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { choices, maybeEmptyShapes, shapes, spread, whole } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: views');

/** 0, 1, 2, … in a shape: every element tells where it comes from. */
const counted = (...shape: number[]) => NdArray.build(shape, (_, position) => position);

test('views of views move elements and change none', async () => {
  await holds(
    [maybeEmptyShapes, choices, choices],
    async (shape, pick, deeper) => {
      const outer = arrange(shape, pick, 7);
      const inner = arrange(outer.base, deeper, 5);
      const x = whole(inner.base, pick[0]!, -99, 99);
      const actual = await download(outer.view(inner.view(upload(x))));
      assertSame(
        actual,
        outer.reference(inner.reference(x)),
        `${outer.name} of ${inner.name} of [${inner.base}]`,
      );
    },
    40,
  );
});

test('views within expressions', async () => {
  await holds(
    [shapes({ min: 1 }), choices, choices, fc.nat(99)],
    async (shape, pick, other, seed) => {
      const [a, b] = [arrange(shape, pick, 2), arrange(shape, other, 3)];
      const x = spread(a.base, seed, [-2, 2]);
      const y = spread(b.base, seed, [-2, 2]);
      const [ta, tb] = [upload(x), upload(y)];
      const sum = a.view(ta.mul(2)).add(b.view(tb.exp()));
      const actual = await download(sum.mul(a.view(ta)));
      const expected = a
        .reference(x.map((v) => v * 2))
        .zip(b.reference(y.map(Math.exp)), (p, q) => p + q)
        .zip(a.reference(x), (p, q) => p * q);
      assertClose(actual, expected, { relative: 1e-5, scale: 1 }, `${a.name}, ${b.name}`);
    },
    8,
  );
});

for (const dtype of ['i32', 'u32', 'bool', 'u8'] as const) {
  test(`views of ${dtype}`, async () => {
    await holds(
      [shapes(), choices],
      async (shape, pick) => {
        const { base, view, reference, name } = arrange(shape, pick, 1);
        const x = whole(base, pick[1]!, 0, dtype === 'bool' ? 1 : 200);
        const y = view(upload(x, dtype));
        assert.is(y.dtype, dtype);
        assertSame(await download(y), reference(x), name);
      },
      6,
    );
  });
}

test('gradients pass through views', async () => {
  await holds(
    [shapes({ size: 40 }), choices],
    async (shape, pick) => {
      const { base, view, reference, name } = arrange(shape, pick);
      const inputs = [spread(base, 3, [-2, 2])];
      await assertGradients({ name, f: view, reference, inputs });
    },
    8,
  );
});

// Those that random views seldom are: orders that are not their own inverse, axes that repeat, more
// left out on one side than on the other.
test('gradients of a cyclic transpose, of an expanded column and of a part off the middle', async () => {
  await assertGradients({
    name: 'transpose(2,0,1)',
    f: (x) => x.transpose([2, 0, 1]),
    reference: (x) => x.transpose([2, 0, 1]),
    inputs: [spread([2, 3, 4], 3, [-2, 2])],
  });
  await assertGradients({
    name: 'expand(2,3,4)',
    f: (x) => x.expand([2, 3, 4]),
    reference: (x) => x.expand([2, 3, 4]),
    inputs: [spread([3, 1], 3, [-2, 2])],
  });
  await assertGradients({
    name: 'slice([1,0], [3,2])',
    f: (x) => x.slice([1, 0], [3, 2]),
    reference: (x) => x.slice([1, 0], [2, 2]),
    inputs: [spread([6, 3], 3, [-2, 2])],
  });
});

test('second derivatives pass through views', async () => {
  await holds(
    [shapes({ min: 1, size: 24 }), choices],
    async (shape, pick) => {
      const { base, view, reference, name } = arrange(shape, pick);
      await assertSecondGradients({
        name,
        f: (x) => view(x).mul(view(x.sin())),
        reference: (x) => reference(x).zip(reference(x.map(Math.sin)), (a, b) => a * b),
        inputs: [spread(base, 3, [-2, 2])],
      });
    },
    3,
  );
});

async function same(actual: AnyTensor, expected: NdArray, what?: string) {
  assertSame(await download(actual), expected, what);
}

test('reshape: one dimension may be found', async () => {
  const x = counted(2, 3, 4);
  const t = upload(x);
  assert.equal(t.reshape([-1]).shape, [24]);
  assert.equal(t.reshape([4, -1]).shape, [4, 6]);
  assert.equal(t.reshape([2, -1, 4]).shape, [2, 3, 4]);
  refuses(() => upload(new NdArray([0, 3])).reshape([0, -1]), ShapeError, /-1 .* beside a 0/);
  assert.equal(upload(new NdArray([])).reshape([1, 1]).shape, [1, 1]);
  await same(t.reshape([4, -1]), x.reshape([4, 6]));
});

test('reshape copies nothing', async () => {
  const x = upload(counted(4, 6));
  await x.realize();
  const { counters } = await device();
  const before = counters.dispatches;
  await x.reshape([24]).reshape([2, 12]).sum(1).data();
  assert.is(counters.dispatches - before, 1);
});

test('transpose', async () => {
  const x = counted(2, 3, 4);
  const t = upload(x);
  await same(t.transpose(), x.transpose());
  await same(t.transpose([1, 0, 2]), x.transpose([1, 0, 2]));
  await same(t.transpose([-1, 0, 1]), x.transpose([2, 0, 1]));
  await same(t.transpose().transpose(), x);
  await same(upload(counted(3)).transpose(), counted(3));
});

test('slice: bounds as in NumPy', async () => {
  const x = counted(10);
  const t = upload(x);
  const cases: [number[], (number | undefined)[], number[], number[]][] = [
    [[2], [5], [1], [2, 3, 4]],
    [[-3], [], [1], [7, 8, 9]],
    [[], [-7], [1], [0, 1, 2]],
    [[1], [9], [3], [1, 4, 7]],
    [[1], [undefined], [4], [1, 5, 9]],
    [[-100], [2], [1], [0, 1]],
    [[8], [100], [1], [8, 9]],
    [[6], [3], [1], []],
    [[10], [], [1], []],
    [[0], [10], [100], [0]],
  ];
  for (const [starts, ends, steps, expected] of cases) {
    const what = JSON.stringify([starts, ends, steps]);
    await same(t.slice(starts, ends, steps), new NdArray([expected.length], expected), what);
  }
  await same(
    upload(counted(3, 4)).slice([1], [undefined, -1], [1, 2]),
    counted(3, 4).slice([1, 0], [2, 2], [1, 2]),
  );
});

test('pad with every kind of value', async () => {
  const x = counted(2, 2);
  for (const [dtype, value] of [
    ['f32', -1.5],
    ['i32', -7],
    ['u32', 4e9],
    ['u8', 255],
    ['f32', 0],
    ['f32', 3e38],
  ] as [DType, number][]) {
    const padded = upload(x, dtype).pad(
      [
        [1, 0],
        [0, 2],
      ],
      value,
    );
    await same(padded, x.pad([1, 0], [0, 2], Math.fround(value)), `${dtype} ${value}`);
  }
  const bits = upload(new NdArray([2], [0, 1]), 'bool');
  await same(bits.pad([[1, 1]], 1), new NdArray([4], [1, 0, 1, 1]));
  const infinite = upload(new NdArray([1], [1])).pad([[1, 0]], Number.NEGATIVE_INFINITY);
  await same(infinite, new NdArray([2], [Number.NEGATIVE_INFINITY, 1]));
  const nan = upload(new NdArray([1], [1])).pad([[0, 1]], Number.NaN);
  await same(nan, new NdArray([2], [1, Number.NaN]));
});

test('padding keeps what is not finite where it is', async () => {
  const x = new NdArray([3], [Number.NaN, Number.POSITIVE_INFINITY, 1]);
  await same(
    upload(x)
      .pad([[2, 1]])
      .mul(1),
    x.pad([2], [1]),
  );
});

test('expand', async () => {
  const x = counted(3, 1);
  await same(upload(x).expand([2, 3, 4]), x.expand([2, 3, 4]));
  await same(upload(new NdArray([], [5])).expand([2, 2]), NdArray.full([2, 2], 5));
  assert.equal(upload(counted(1)).expand([0]).shape, [0]);
});

test('flip, squeeze and unsqueeze', async () => {
  const x = counted(2, 3);
  await same(upload(x).flip(), x.flip());
  await same(upload(x).flip(-1), x.flip(1));
  await same(upload(x).flip([0]), x.flip(0));
  const thin = upload(counted(1, 3, 1, 2));
  assert.equal(thin.squeeze().shape, [3, 2]);
  assert.equal(thin.squeeze(0).shape, [3, 1, 2]);
  assert.equal(thin.squeeze([-2]).shape, [1, 3, 2]);
  assert.equal(upload(x).unsqueeze(0).shape, [1, 2, 3]);
  assert.equal(upload(x).unsqueeze(1).shape, [2, 1, 3]);
  assert.equal(upload(x).unsqueeze(-1).shape, [2, 3, 1]);
  assert.equal(upload(new NdArray([], [1])).unsqueeze(0).shape, [1]);
});

test('a stack of many pads stays one value', async () => {
  const x = counted(2, 2);
  const t = upload(x);
  const there = t
    .pad([
      [1, 1],
      [2, 0],
    ])
    .slice([0, 1], [3, 4])
    .pad(
      [
        [1, 0],
        [0, 1],
      ],
      9,
    );
  const reference = x.pad([1, 2], [1, 0]).slice([0, 1], [3, 3]).pad([1, 0], [0, 1], 9);
  await same(there, reference);
});

test('what does not fit', () => {
  const x = upload(counted(2, 3)) as unknown as Record<string, (...args: unknown[]) => unknown>;
  const cases: [string, unknown[], RegExp][] = [
    ['reshape', [[4]], /^reshape: \[2,3\] has 6 elements, which do not fill \[4\]/],
    ['reshape', [[-1, -1]], /^reshape: \[2,3\]/],
    ['reshape', [[4, -1]], /^reshape: \[2,3\]/],
    ['reshape', [[1.5, 4]], /^reshape/],
    ['transpose', [[0]], /^transpose: \[0\] must name each of the 2 axes of \[2,3\]/],
    ['transpose', [[0, 0]], /^transpose/],
    ['transpose', [[0, 2]], /^transpose: axis 2 does not exist: axes go from -2 to 1/],
    ['expand', [[3, 3]], /^expand: \[2,3\] does not expand to \[3,3\]/],
    ['expand', [[3]], /^expand/],
    ['expand', [[2, -1]], /^expand: \[2,-1\] is no shape/],
    ['slice', [[0, 0, 0]], /^slice: more bounds than the 2 axes of \[2,3\]/],
    ['slice', [[0], [1], [0]], /^slice: steps \[0\]/],
    ['slice', [[0], [1], [1.5]], /^slice: steps \[1.5\] must be whole numbers, and not 0/],
    ['slice', [[0.5]], /^slice/],
    ['slice', [[0], [1.5]], /^slice/],
    ['pad', [[[1, 1]]], /^pad: needs \[before, after\].*2 axes of \[2,3\]/],
    [
      'pad',
      [
        [
          [-1, 0],
          [0, 0],
        ],
      ],
      /^pad/,
    ],
    ['flip', [2], /^flip: axis 2 does not exist/],
    ['flip', [[0, 0]], /^flip: axes \[0,0\] name one axis twice/],
    ['flip', [[0, -2]], /twice/],
    ['squeeze', [0], /^squeeze: axis 0 of \[2,3\] has size 2, not 1/],
    ['squeeze', [5], /^squeeze: axis 5/],
    ['unsqueeze', [4], /^unsqueeze: axis 4 does not exist: axes go from -3 to 2/],
    ['unsqueeze', [0.5], /^unsqueeze/],
  ];
  for (const [name, args, message] of cases) {
    refuses(() => x[name]!(...args), ShapeError, message);
  }
});

test('slices backwards, as Python has them', async () => {
  const bounds = [undefined, -9, -4, -2, 0, 1, 3, 9];
  const x = spread([5, 3], 1, [-2, 2]);
  for (const step of [-1, -2, -3]) {
    const [all, full] = [[...Array(5).keys()], upload(x)];
    for (const [start, end] of bounds.flatMap((a) => bounds.map((b) => [a, b]))) {
      // Python's `slice.indices`.
      const at = (v: number | undefined, whole: number) =>
        v === undefined ? whole : Math.min(Math.max(v < 0 ? v + 5 : v, -1), 4);
      const rows = all.map((i) => at(start, 4) + i * step).filter((i) => i > at(end, -1));
      const expected = NdArray.build([rows.length, 3], ([i = 0, j = 0]) => x.at(rows[i]!, j));
      const actual = full.slice([start], [end], [step]);
      assertSame(await download(actual), expected, `${start}:${end}:${step}`);
    }
  }
});

test('the gradient of a slice backwards', async () => {
  for (const [starts, ends, steps] of [
    [[], [], [-1, -2]],
    [[3], [0], [-2]],
    [
      [-2, undefined],
      [-9, 1],
      [-1, -3],
    ],
  ] as (number | undefined)[][][]) {
    const subject = {
      f: (x: Tensor) => x.slice(starts!, ends, steps as number[]).square() as AnyTensor,
      reference: (x: NdArray) => {
        const axis = (i: number) => {
          const size = x.shape[i]!;
          const at = (v: number | undefined, whole: number) =>
            v === undefined ? whole : Math.min(Math.max(v < 0 ? v + size : v, -1), size);
          const step = steps![i] ?? 1;
          const [from, to] = step < 0 ? [at(starts![i], size - 1), at(ends![i], -1)] : [0, size];
          const places = [...Array(size).keys()].map((k) => from + k * step);
          return places.filter((k) => (step < 0 ? k > to : k < to));
        };
        const [rows, columns] = [axis(0), axis(1)];
        return NdArray.build([rows.length, columns.length], ([i = 0, j = 0]) => {
          return x.at(rows[i]!, columns[j]!) ** 2;
        });
      },
      inputs: [spread([5, 7], 2, [-2, 2])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
});

test.run();
