import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, DTypeError, grad, ShapeError } from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import {
  all,
  any,
  argMax,
  argMin,
  logSumExp,
  max,
  mean,
  min,
  prod,
  sum,
  variance,
} from '../../reference/reductions.ts';
import { choices, shapes, spread, whole } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: reductions');

const references = { sum, prod, max, min, mean, logSumExp, any, all, argMax, argMin };

type Axes = number | number[] | undefined;
type Name = 'sum' | 'prod' | 'max' | 'min' | 'mean' | 'any' | 'all' | 'logSumExp';
type Method = (axes?: Axes, keepDims?: boolean) => AnyTensor;

const apply = (name: Name, x: AnyTensor, axes?: Axes, keepDims?: boolean) =>
  (x as unknown as Record<Name, Method>)[name](axes, keepDims);

/** All axes, one (from either end), or any set of them. */
function axesOf(rank: number, pick: readonly number[]): Axes {
  if (pick[0]! < 3 || rank === 0) return undefined;
  const axis = pick[1]! % rank;
  if (pick[0]! < 7) return pick[2]! > 5 ? axis - rank : axis;
  return Array.from({ length: rank }, (_, i) => i).filter((i) => pick[3 + i]! % 2 === 0);
}

for (const name of ['sum', 'prod', 'max', 'min', 'mean', 'logSumExp'] as const) {
  test(`${name} over any axes`, async () => {
    await holds(
      [shapes({ size: 2000 }), choices, fc.boolean()],
      async (shape, pick, keepDims) => {
        const axes = axesOf(shape.length, pick);
        const { base, view, reference, name: how } = arrange(shape, pick.toReversed());
        // Products stay within what f32 holds.
        const x = spread(base, pick[5]!, name === 'prod' ? [0.95, 1.05] : [-4, 4]);
        const actual = await download(apply(name, view(upload(x)), axes, keepDims));
        const expected = references[name](reference(x), axes, keepDims);
        const scale =
          name === 'sum' || name === 'mean'
            ? references[name](reference(x).map(Math.abs), axes, keepDims)
            : 1;
        // Roundings of a few hundred terms in a row.
        const what = `${name} over [${axes}] of ${how} of [${base}]`;
        assertClose(actual, expected, { relative: name === 'prod' ? 1e-4 : 5e-6, scale }, what);
      },
      10,
    );
  });
}

for (const dtype of ['i32', 'u32'] as const) {
  test(`sum, prod, max and min of ${dtype}`, async () => {
    const x = whole([3, 5, 4], 1, dtype === 'i32' ? -9 : 0, 9);
    for (const name of ['sum', 'max', 'min'] as const) {
      for (const axes of [undefined, 1, [0, 2]]) {
        const y = apply(name, upload(x, dtype), axes);
        assert.is(y.dtype, dtype);
        assertSame(await download(y), references[name](x, axes), `${name} over ${axes}`);
      }
    }
    const small = whole([3, 5], 1, dtype === 'i32' ? -3 : 0, 4);
    assertSame(await download(apply('prod', upload(small, dtype), 1)), references.prod(small, 1));
  });
}

test('any and all', async () => {
  await holds(
    [shapes({ size: 200 }), choices, fc.boolean()],
    async (shape, pick, keepDims) => {
      const axes = axesOf(shape.length, pick);
      // Mostly true for all, mostly false for any.
      const rare = whole(shape, pick[6]!, 0, 20);
      const [few, most] = [rare.map((x) => Number(x === 0)), rare.map((x) => Number(x !== 0))];
      const some = apply('any', upload(few, 'bool'), axes, keepDims);
      const every = apply('all', upload(most, 'bool'), axes, keepDims);
      assert.is(some.dtype, 'bool');
      assertSame(await download(some), references.any(few, axes, keepDims), `any over ${axes}`);
      assertSame(await download(every), references.all(most, axes, keepDims), `all over ${axes}`);
    },
    8,
  );
});

test('variance, with and without correction', async () => {
  await holds(
    [shapes({ min: 1 }), choices, fc.boolean(), fc.constantFrom(0, 1)],
    async (shape, pick, keepDims, correction) => {
      const axes = axesOf(shape.length, pick);
      const x = spread(shape, pick[6]!, [98, 102]);
      const actual = await download(upload(x).variance(axes, { keepDims, correction }));
      const expected = variance(x, axes, keepDims, correction);
      // Elements near 100 carry roundings of 4e-6 into differences near 1.
      assertClose(actual, expected, { relative: 1e-5, scale: 3 }, `variance over ${axes}`);
    },
    8,
  );
});

for (const name of ['argMax', 'argMin'] as const) {
  test(`${name}: the first extreme along an axis`, async () => {
    await holds(
      [shapes({ min: 1 }), choices, fc.boolean()],
      async (shape, pick, keepDims) => {
        const axis =
          pick[0]! > 8 ? undefined : (pick[1]! % shape.length) - (pick[2]! % 2) * shape.length;
        const { base, view, reference } = arrange(shape, pick, 1);
        // Few different values, so that there are ties.
        const x = whole(base, pick[5]!, -2, 2);
        const actual = view(upload(x))[name](axis, keepDims);
        assert.is(actual.dtype, 'i32');
        assertSame(await download(actual), references[name](reference(x), axis, keepDims));
      },
      8,
    );
    for (const dtype of ['i32', 'u32'] as const) {
      const x = whole([4, 7], 3, dtype === 'i32' ? -5 : 0, 5);
      assertSame(await download(upload(x, dtype)[name](1)), references[name](x, 1));
    }
  });
}

test('long rows and columns', async () => {
  const x = spread([3, 70_001], 1, [-1, 1]);
  const t = upload(x);
  for (const name of ['sum', 'max', 'logSumExp'] as const) {
    const scale = name === 'sum' ? 35_000 : 1;
    for (const [axes, y] of [
      [1, t],
      [0, t.transpose()],
      [undefined, t],
    ] as [Axes, AnyTensor][]) {
      const expected = references[name](axes === 0 ? x.transpose() : x, axes);
      const what = `${name} over ${axes}`;
      assertClose(await download(apply(name, y, axes)), expected, { relative: 1e-6, scale }, what);
    }
  }
});

test('infinities and NaN', async () => {
  const inf = Number.POSITIVE_INFINITY;
  const x = NdArray.from([
    [-inf, -inf, -inf],
    [inf, 0, -inf],
    [1e38, 3e38, -2],
    [-3e38, -1e38, -inf],
  ]);
  const t = upload(x);
  for (const name of ['max', 'min', 'logSumExp'] as const) {
    assertClose(
      await download(apply(name, t, 1)),
      references[name](x, 1),
      { relative: 1e-5 },
      name,
    );
  }
  const nan = upload(NdArray.from([[1, Number.NaN, 2]]));
  for (const name of ['sum', 'mean', 'prod', 'max', 'min', 'logSumExp'] as const) {
    assertSame(await download(apply(name, nan, 1)), NdArray.from([Number.NaN]), `${name} of NaN`);
  }
});

test('no elements', async () => {
  const none = upload(new NdArray([2, 0]));
  assertSame(await download(apply('sum', none, 1)), NdArray.full([2], 0));
  assertSame(await download(apply('prod', none, 1, true)), NdArray.full([2, 1], 1));
  assertSame(await download(apply('mean', none, 1)), NdArray.full([2], Number.NaN));
  assertSame(await download(apply('logSumExp', none, 1)), NdArray.full([2], -Infinity));
  assertSame(await download(apply('logSumExp', none, 1, true)), NdArray.full([2, 1], -Infinity));
  assert.equal(apply('logSumExp', none, 0).shape, [0]);
  assertSame(await download(none.variance(1)), NdArray.full([2], Number.NaN));
  assert.equal(apply('max', none, 0).shape, [0]);
  assert.equal((await apply('sum', none, 0).data()).length, 0);
  const bits = upload(new NdArray([0, 2]), 'bool');
  assertSame(await download(apply('any', bits, 0)), NdArray.full([2], 0));
  assertSame(await download(apply('all', bits)), NdArray.full([], 1));
  for (const name of ['max', 'min'] as const) {
    assert.throws(
      () => apply(name, none, 1),
      (error: Error) =>
        error instanceof ShapeError && error.message.startsWith(`${name}: the shape`),
    );
  }
  assert.throws(
    () => none.argMax(1),
    (error: Error) =>
      error instanceof ShapeError && /^argMax: axis 1 of \[2,0\]/.test(error.message),
  );
});

// A smooth point of max and min has no two equal elements; that of prod has negative ones and a 0.
for (const name of ['sum', 'prod', 'max', 'min', 'mean', 'logSumExp'] as const) {
  test(`${name}: gradients`, async () => {
    for (const [shape, axes, keepDims] of [
      [[2, 3, 4], 1, false],
      [[2, 3, 4], [0, 2], true],
      [[7], undefined, false],
      [[3, 1], 1, false],
    ] as [number[], Axes, boolean][]) {
      const x = spread(shape, 5, [-2, 2]);
      const inputs = [name === 'prod' && axes === 1 ? x.map((v) => (v === x.data[1] ? 0 : v)) : x];
      await assertGradients({
        name: `${name} over ${axes}`,
        f: (t) => apply(name, t, axes, keepDims),
        reference: (a) => references[name](a, axes, keepDims),
        inputs,
      });
    }
    await assertSecondGradients({
      name: `${name}, twice`,
      f: (t) => apply(name, t.mul(t), [0, 2]),
      reference: (a) =>
        references[name](
          a.map((v) => v * v),
          [0, 2],
        ),
      inputs: [spread([2, 3, 3], 5, [-1.5, 1.5])],
    });
  });
}

test('variance is not corrected unless asked', async () => {
  assertSame(await download(upload(NdArray.from([1, 3])).variance()), NdArray.full([], 1));
});

test('variance: gradients', async () => {
  const subject = {
    name: 'variance',
    f: (t: AnyTensor) => t.variance([0, 2], { correction: 1 }),
    reference: (a: NdArray) => variance(a, [0, 2], false, 1),
    inputs: [spread([2, 3, 4], 5, [-2, 2])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('equal extremes share the gradient', async () => {
  const x = upload(NdArray.from([1, 3, 3, 2]));
  const [dx] = grad(apply('max', x), [x]);
  assertSame(await download(dx), NdArray.from([0, 0.5, 0.5, 0]));
});

test('equal extremes of axes that are apart share the gradient evenly', async () => {
  const x = upload(new NdArray([2, 2, 2], [1, 1, 0, 2, 1, 0, 2, 2]));
  const [slope] = grad(x.max([0, 2]).sum(), [x]);
  const third = 1 / 3;
  const expected = [third, third, 0, third, third, 0, third, third];
  assertClose(await download(slope), new NdArray([2, 2, 2], expected));
  assert.equal((await x.min([0, 2], true).array()) as unknown, [[[0], [0]]]);
});

test('a NaN that is the extreme gets its gradient', async () => {
  const x = upload(NdArray.from([1, Number.NaN, 2, Number.NaN]));
  for (const name of ['max', 'min'] as const) {
    const [dx] = grad(apply(name, x), [x]);
    assertSame(await download(dx), NdArray.from([0, 0.5, 0, 0.5]), name);
  }
});

test('variance with a correction of all elements or more', async () => {
  const x = upload(NdArray.from([1, 2]));
  assertSame(await download(x.variance(0, { correction: 2 })), NdArray.from(Infinity));
  assertSame(await download(x.variance(0, { correction: 3 })), NdArray.from(Infinity));
  const one = upload(NdArray.from([1]));
  assertSame(await download(one.variance(0, { correction: 2 })), NdArray.from(Number.NaN));
});

test('what does not fit', () => {
  const x = upload(new NdArray([2, 3]));
  const bits = upload(new NdArray([2]), 'bool');
  for (const name of ['sum', 'prod', 'max', 'min', 'mean', 'logSumExp'] as const) {
    refuses(() => apply(name, x, 2), ShapeError, /axis 2 does not exist: axes go from -2 to 1/);
    refuses(() => apply(name, x, [0, -2]), ShapeError, /name one axis twice/);
    refuses(() => apply(name, x, 0.5), ShapeError, new RegExp(`^${name}: axis 0.5`));
    refuses(() => apply(name, bits), DTypeError, new RegExp(`^${name} takes f32.*got bool`));
  }
  refuses(() => x.variance(5), ShapeError, /^variance: axis 5/);
  refuses(() => apply('any', x), DTypeError, /^any takes bool, got f32\[2,3\]/);
  refuses(() => x.argMax(2), ShapeError, /^argMax: axis 2/);
  refuses(() => bits.argMin(), DTypeError, /^argMin takes/);
  refuses(() => apply('mean', x.cast('i32')), DTypeError, /^mean takes f32, got i32/);
});

test.run();
