import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  avgPool2d,
  DTypeError,
  grad,
  maxPool2d,
  type Pool2dOptions,
  ShapeError,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import {
  avgPool2d as averageOf,
  maxPool2d as largestOf,
  maxPool2dGradient,
} from '../../../reference/pooling.ts';
import { samePadding } from '../../../reference/window.ts';
import { choices, spread, whole } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';
import * as anyAxes from './any-axes.ts';

const test = suite('tensor: pooling');

type Pool = (x: AnyTensor, options?: Pool2dOptions) => AnyTensor;
const pools = { maxPool2d: maxPool2d as unknown as Pool, avgPool2d: avgPool2d as unknown as Pool };
const references = { maxPool2d: largestOf, avgPool2d: averageOf };

type Pair = readonly [number, number];
interface Case {
  readonly shape: readonly [number, number, number, number];
  readonly filterSize: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same' | readonly [number, number, number, number];
}

const small = (max: number) => fc.integer({ min: 1, max });

const cases: fc.Arbitrary<Case> = fc
  .record({
    shape: fc.tuple(small(2), small(9), small(9), fc.constantFrom(1, 3, 4, 8)),
    filterSize: fc.tuple(small(3), small(3)),
    strides: fc.tuple(small(3), small(3)),
    padding: fc.oneof(
      fc.constantFrom('valid' as const, 'same' as const),
      fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1), fc.nat(1)),
    ),
  })
  .filter((one) => {
    const [, h, w] = one.shape;
    const [top, bottom, left, right] = widths(one);
    const [kh, kw] = one.filterSize;
    const isCovered = Math.max(top, bottom) < kh && Math.max(left, right) < kw;
    // No window lies in the padding alone, where there is nothing to take the mean of.
    return isCovered && h >= kh && w >= kw;
  });

const widths = ({ shape, filterSize, strides, padding }: Case) => {
  if (padding === 'valid') return [0, 0, 0, 0] as const;
  return padding === 'same' ? samePadding(shape, filterSize, strides) : padding;
};
const optionsOf = ({ shape, ...options }: Case): Pool2dOptions => options;
const referenceOptions = (one: Case) => ({
  window: one.filterSize,
  strides: one.strides,
  padding: widths(one),
});

for (const name of ['maxPool2d', 'avgPool2d'] as const) {
  test(`${name}: any image, window, stride and padding`, async () => {
    await holds(
      [cases, choices],
      async (one, pick) => {
        const { base, view, reference, name: how } = arrange(one.shape, pick);
        const x = spread(base, 1, [-4, 2]);
        const actual = await download(pools[name](view(upload(x)), optionsOf(one)));
        const expected = references[name](reference(x), referenceOptions(one));
        assertClose(
          actual,
          expected,
          { relative: 1e-6, scale: 4 },
          `${JSON.stringify(one)} ${how}`,
        );
      },
      15,
    );
  });

  test(`${name}: gradients`, async () => {
    await holds(
      [cases.filter(({ shape }) => shape.reduce((a, b) => a * b, 1) <= 100)],
      async (one) => {
        await assertGradients({
          name: JSON.stringify(one),
          f: (x) => pools[name](x, optionsOf(one)),
          reference: (x) => references[name](x, referenceOptions(one)),
          inputs: [spread(one.shape, 1, [-2, 2])],
        });
      },
      10,
    );
  });

  test(`${name}: second derivatives`, async () => {
    const one: Case = { shape: [2, 5, 4, 2], filterSize: [3, 2], strides: [2, 1], padding: 'same' };
    for (const padding of ['same', 'valid'] as const) {
      const options = { ...one, padding };
      await assertSecondGradients({
        name: `${name}, ${padding}`,
        f: (x) => pools[name](x.mul(x), optionsOf(options)),
        reference: (x) =>
          references[name](
            x.map((v) => v * v),
            referenceOptions(options),
          ),
        inputs: [spread(one.shape, 1, [-2, 2])],
      });
    }
  });

  test(`${name}: what is said and what is left out`, async () => {
    const x = spread([1, 5, 6, 2], 1, [-1, 1]);
    const plain = await download(pools[name](upload(x)));
    assertClose(plain, references[name](x, { window: [2, 2] }), { relative: 1e-6, scale: 1 });
    const one = pools[name](upload(x), { filterSize: 3, strides: 2, padding: 1 });
    const former = pools[name](upload(x), { window: 3, strides: 2, padding: 1 });
    const options = { window: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] } as const;
    assertClose(await download(one), references[name](x, options), { relative: 1e-6, scale: 1 });
    assertSame(await download(former), await download(one));
    assert.equal(pools[name](upload(new NdArray([0, 4, 4, 3]))).shape, [0, 2, 2, 3]);
  });

  test(`${name}: what does not fit`, () => {
    const x = upload(new NdArray([1, 4, 5, 3]));
    const throws = (options: unknown, message: RegExp) =>
      refuses(() => pools[name](x, options as Pool2dOptions), ShapeError, message);
    throws({ filterSize: 5 }, /a window of 5×5 does not fit into an image of 4×5/);
    throws({ filterSize: 0 }, new RegExp(`^${name} filterSize`));
    throws({ strides: [1, 0] }, new RegExp(`^${name} strides`));
    throws({ padding: 2 }, /padding \[2,2,2,2\] must be smaller than the window 2×2/);
    throws({ padding: 'full' }, new RegExp(`^${name}: padding 'full'`));
    refuses(() => pools[name](upload(new NdArray([4, 5, 3]))), ShapeError, /\[4,5,3\]/);
    refuses(() => pools[name](x.cast('i32')), DTypeError, new RegExp(`^${name} takes`));
  });
}

test('maxPool2d: of equal elements the first gets the gradient', async () => {
  const options = { window: [2, 3], strides: [1, 2], padding: [1, 0, 0, 1] } as const;
  const x = whole([2, 4, 6, 3], 1, 0, 2);
  const t = upload(x);
  const y = pools.maxPool2d(t, { ...options, filterSize: options.window });
  const seed = spread(y.shape, 3, [-1, 1]);
  const [dx] = grad(y, [t], upload(seed));
  assertClose(await download(dx), maxPool2dGradient(x, seed, options), {
    relative: 1e-6,
    scale: 3,
  });
});

test('maxPool2d: elements below all that padding could be', async () => {
  const x = NdArray.full([1, 2, 2, 1], -3e38).map(Math.fround);
  const actual = pools.maxPool2d(upload(x), { filterSize: 2, strides: 1, padding: 'same' });
  assertSame(await download(actual), x);
});

test('maxPool2d: a NaN is the maximum, the first one gets the gradient', async () => {
  for (const channels of [1, 4]) {
    for (const [filterSize, strides] of [
      [2, 2],
      [3, 1],
      [2, 3],
    ] as const) {
      for (const padding of ['valid', 'same'] as const) {
        const shape = [2, 6, 6, channels] as const;
        const x = spread(shape, 2, [-4, -1]).map((v) => (Math.floor(v * 100) % 7 ? v : Number.NaN));
        const pair: [number, number] = [filterSize, filterSize];
        const steps: [number, number] = [strides, strides];
        const one = { window: pair, strides: steps };
        const options =
          padding === 'same' ? { ...one, padding: samePadding(shape, pair, steps) } : one;
        const t = upload(x);
        const y = maxPool2d(t, { filterSize, strides, padding });
        const expected = largestOf(x, options);
        assert.ok(expected.data.some(Number.isNaN) && expected.data.some(Number.isFinite));
        assertSame(await download(y), expected, `${filterSize} ${strides} ${padding}`);
        const g = spread(y.shape, 3, [-1, 1]);
        const [dx] = grad(y, [t], upload(g));
        assertClose(await download(dx), maxPool2dGradient(x, g, options), { scale: 1 });
      }
    }
  }
});

test('maxPool2d: infinities of both signs, and sums beyond f32, are no NaN', async () => {
  const values = [1, Infinity, -Infinity, 3e38, -3e38, -2, 3.2e38, Number.NaN];
  for (const channels of [1, 4]) {
    const shape = [1, 8, 8, channels] as const;
    // The order changes from line to line; every fourth has a NaN.
    const x = new NdArray(
      shape,
      Float32Array.from({ length: 64 * channels }, (_, i) => {
        const line = Math.floor(i / (8 * channels));
        return values[(5 * i + line) % (line % 4 === 3 ? 8 : 7)] as number;
      }),
    );
    for (const strides of [1, 2]) {
      const options = { window: [2, 2], strides: [strides, strides] } as const;
      const t = upload(x);
      const y = maxPool2d(t, { filterSize: 2, strides, padding: 'valid' });
      assertSame(await download(y), largestOf(x, options));
      const g = spread(y.shape, 3, [-1, 1]);
      const [dx] = grad(y, [t], upload(g));
      assertClose(await download(dx), maxPool2dGradient(x, g, options), { scale: 1 });
    }
  }
});

test('dilations, rounding and padding that counts, in any images', async () => {
  const both = { max: maxPool2d, avg: avgPool2d };
  await anyAxes.checkValues(both, anyAxes.cases(2, 9));
  const plain: anyAxes.Case = {
    ...{ batch: 1, sizes: [5, 6], channels: 2, filterSize: [2, 3], strides: [2, 1] },
    ...{ dilations: [2, 1], padding: 'same', dimRoundingMode: 'floor' },
  };
  await anyAxes.checkGradients(both, plain);
  await anyAxes.checkWinners(both, plain);
  await anyAxes.checkWinners(both, { ...plain, dilations: [1, 1], dimRoundingMode: 'ceil' });
});

test.run();
