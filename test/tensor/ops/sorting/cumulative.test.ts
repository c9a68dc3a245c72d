import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  cumMax,
  cumMin,
  cumProd,
  cumSum,
  DTypeError,
  grad,
  logCumSumExp,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import * as sorting from '../../../reference/sorting.ts';
import { choices, shapes, spread, whole } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: cumSum and its kin');

const ops = { cumSum, cumProd, cumMax, cumMin, logCumSumExp };
const names = ['cumSum', 'cumProd', 'cumMax', 'cumMin', 'logCumSumExp'] as const;
/** Sizes of what sums are made of, whose rounding they inherit. */
const scales = { cumSum: 50, cumProd: 0, cumMax: 0, cumMin: 0, logCumSumExp: 10 };
const reference = sorting;
/** An extreme of no elements is infinite, and has no differences: a bound far from all others holds it. */
const bounded = (y: number) => Math.min(Math.max(y, -1e3), 1e3);
const finite = (y: AnyTensor) => y.clip(-1e3, 1e3);

test('four numbers', async () => {
  const x = upload(new NdArray([4], [2, 3, 0, 5]));
  assert.equal(await cumSum(x).array(), [2, 5, 5, 10]);
  assert.equal(await cumSum(x, 0, { exclusive: true }).array(), [0, 2, 5, 5]);
  assert.equal(await cumSum(x, 0, { reverse: true }).array(), [10, 8, 5, 5]);
  assert.equal(await cumSum(x, -1, { reverse: true, exclusive: true }).array(), [8, 5, 5, 0]);
  assert.equal(await cumProd(x).array(), [2, 6, 0, 0]);
  assert.equal(await cumProd(x, 0, { exclusive: true }).array(), [1, 2, 6, 0]);
  assert.equal(await cumProd(x, 0, { reverse: true }).array(), [0, 0, 0, 5]);
  assert.equal(await cumMax(x).array(), [2, 3, 3, 5]);
  assert.equal(await cumMax(x, 0, { exclusive: true }).array(), [-Infinity, 2, 3, 3]);
  assert.equal(await cumMin(x).array(), [2, 2, 0, 0]);
  assert.equal(await cumMin(x, 0, { reverse: true }).array(), [0, 0, 0, 5]);
  assert.equal(await cumMin(x, 0, { exclusive: true }).array(), [Infinity, 2, 2, 0]);
});

for (const name of names) {
  test(`${name} along any axis`, async () => {
    await holds(
      [shapes({ min: 1, size: 2000 }), choices, fc.boolean(), fc.boolean()],
      async (shape, pick, exclusive, reverse) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference: seen, name: how } = arrange(shape, pick, 1);
        const x = spread(base, pick[1]!, name === 'cumProd' ? [-1.1, 1.1] : [-4, 4]);
        const options = { exclusive, reverse };
        const actual = await download(ops[name](view(upload(x)), axis - shape.length, options));
        const expected = reference[name](seen(x), axis, options);
        assertClose(actual, expected, { relative: 4e-6, scale: scales[name] }, how);
      },
      10,
    );
  });

  test(`${name}: gradients, with zeros among the elements`, async () => {
    for (const [shape, axis, options] of [
      [[7], 0, {}],
      [[3, 5], 1, { reverse: true }],
      [[4, 2], 0, { exclusive: true }],
      [[2, 3, 2], 1, { exclusive: true, reverse: true }],
    ] as [number[], number, object][]) {
      for (const zeros of name === 'cumSum' || name === 'cumProd' ? [0, 1, 2] : [0]) {
        const inputs = [spread(shape, 3, [-2, 2]).map((v) => (Math.abs(v) < zeros * 0.4 ? 0 : v))];
        const subject = {
          name: `${name} of [${shape}] ${JSON.stringify(options)}`,
          f: (x: AnyTensor) => finite(ops[name](x, axis, options)),
          reference: (x: NdArray) => reference[name](x, axis, options).map(bounded),
          inputs,
        };
        await assertGradients(subject);
        await assertSecondGradients({
          ...subject,
          f: (x) => finite(ops[name](x.mul(x), axis, options)),
          reference: (x) =>
            reference[name](
              x.map((v) => v * v),
              axis,
              options,
            ).map(bounded),
        });
      }
    }
  });
}

for (const name of ['cumSum', 'cumProd', 'cumMax', 'cumMin'] as const) {
  test(`${name} of whole numbers and f16`, async () => {
    for (const dtype of ['i32', 'u32', 'f16'] as const) {
      const x = whole([3, 7], 1, dtype === 'u32' ? 0 : -2, 3);
      const y = ops[name](upload(x, dtype), 1);
      assert.is(y.dtype, dtype);
      assertSame(await download(y), reference[name](x, 1), dtype);
    }
  });
}

test('long lines, whose sums stay exact to a few roundings', async () => {
  const x = spread([2, 30_001], 1, [0, 1]);
  assertClose(await download(cumSum(upload(x), 1)), reference.cumSum(x, 1), { relative: 1e-5 });
  assertClose(
    await download(cumSum(upload(x).transpose(), 0)),
    reference.cumSum(x, 1).transpose(),
    { relative: 1e-5 },
  );
});

test('the gradient of a product of zeros', async () => {
  const x = upload(new NdArray([4], [2, 0, 3, 0]));
  const [slope] = grad(cumProd(x).sum(), [x]);
  // 1 + 0 + 0 + 0, then 2 + 6 + 0, nothing else: what PyTorch gives.
  assert.equal(await slope.array(), [1, 8, 0, 0]);
});

test('the gradient of an extreme, at the last of equal elements', async () => {
  const x = upload(new NdArray([5], [2, 2, 1, 2, 0]));
  const weights = upload(new NdArray([5], [1, 10, 100, 1000, 10_000]));
  const slope = async (y: AnyTensor) =>
    (await grad(y.mul(weights).sum(), [x])[0].array()) as number[];
  // As PyTorch's cummax and cummin, whose indices are [0, 1, 1, 3, 3] and [0, 1, 2, 2, 4].
  assert.equal(await slope(cumMax(x)), [1, 110, 0, 11_000, 0]);
  assert.equal(await slope(cumMin(x)), [1, 10, 1100, 0, 10_000]);
  assert.equal(await slope(cumMax(x, 0, { reverse: true })), [1, 10, 0, 1100, 10_000]);
  assert.equal(
    await slope(
      cumMax(x, 0, { exclusive: true })
        .slice([1])
        .pad([[1, 0]]),
    ),
    [10, 1100, 0, 10_000, 0],
  );
});

test('extremes of −∞ and NaN have gradients, too', async () => {
  const x = upload(new NdArray([5], [-Infinity, -Infinity, 3, NaN, 5]));
  const [slope] = grad(cumMax(x).sum(), [x]);
  assert.equal(await slope.array(), [1, 1, 1, 2, 0]);
});

test('logarithms of sums far apart, and of elements that add nothing', async () => {
  const x = new NdArray([7], [-Infinity, -Infinity, 700, 1000, -Infinity, 1000, -1e30]);
  const y = logCumSumExp(upload(x));
  assertClose(await download(y), reference.logCumSumExp(x));
  const input = upload(x);
  const [slope] = grad(logCumSumExp(input).sum(), [input]);
  // y = [−∞, −∞, 700, 1000, 1000, 1000 + ln 2, 1000 + ln 2]: Σ e^(x − y) over what comes after.
  assertClose(await download(slope), new NdArray([7], [0, 0, 1, 3, 0, 1, 0]));
});

test('whole numbers wrap around, empty axes stay empty', async () => {
  const x = upload(new NdArray([2], [2 ** 31 - 1, 1]), 'i32');
  assert.equal(await cumSum(x).array(), [2 ** 31 - 1, -(2 ** 31)]);
  assert.equal(cumSum(upload(new NdArray([2, 0])), 1).shape, [2, 0]);
  const first = { exclusive: true };
  assert.equal(await cumMax(x, 0, first).array(), [-(2 ** 31), 2 ** 31 - 1]);
  assert.equal(await cumMin(x, 0, first).array(), [2 ** 31 - 1, 2 ** 31 - 1]);
});

test('what does not fit', () => {
  const x = upload(new NdArray([4, 3]));
  refuses(() => cumSum(x, 2), ShapeError, /^cumSum: axis 2 does not exist/);
  refuses(() => cumProd(x.cast('bool')), DTypeError, /^cumProd takes f32/);
  refuses(() => logCumSumExp(x.cast('i32')), DTypeError, /^logCumSumExp takes f32 or f16/);
  refuses(() => cumSum(x, 0, { reverse: 1 as never }), ArgumentError, /^cumSum: reverse 1/);
  refuses(() => cumSum(x, 0, { inclusive: true } as never), ArgumentError, /^cumSum: .*inclusive/);
});

test.run();
