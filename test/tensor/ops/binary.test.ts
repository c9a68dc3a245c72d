import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, type DType, DTypeError, grad, ShapeError } from '../../../src/index.ts';
import {
  type ArithmeticName,
  arithmetic,
  type ComparisonName,
  comparisons,
} from '../../../src/tensor/ops/binary.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { binary as references, wholePower } from '../../reference/elementwise.ts';
import { broadcastPairs, extremes, spread, whole } from '../arbitraries.ts';
import { arrange, pairOfChoices } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: binary ops');

type Name = ArithmeticName | ComparisonName;
type Interval = readonly [number, number];
interface Facts {
  readonly vjp?: unknown;
  readonly accepts?: readonly DType[];
  readonly domain?: readonly [Interval, Interval];
}
const records = Object.entries({ ...arithmetic, ...comparisons }) as [Name, Facts][];
const everyDType = ['f32', 'f16', 'i32', 'u32', 'bool', 'u8'] as const;

// Sums and products are rounded once. A power is 2^(b · log₂ a), with an exponent up to 10 here; a
// quotient may be off by 2.5 units in the last place, and a remainder inherits that of the quotient;
// of atan2 WGSL promises no more than 4096 units. A sum of exponentials near 1 has a logarithm near 0,
// which is what is left of the larger operand.
const accuracy: Partial<Record<Name, { relative: number; scale: number }>> = {
  pow: { relative: 1e-5, scale: 0 },
  mod: { relative: 1e-6, scale: 10 },
  atan2: { relative: 5e-4, scale: 0 },
  logAddExp: { relative: 1e-6, scale: 1 },
};

const apply = (name: Name, a: AnyTensor, b: AnyTensor | number) =>
  (a as unknown as Record<Name, (b: AnyTensor | number) => AnyTensor>)[name](b);

/** What whole numbers give, as the dtype holds it: quotients cut off, sums wrapped around. */
function referenceOf(name: Name, dtype: DType): (a: number, b: number) => number {
  const plain = references[name]!;
  if (name === 'div') return (a, b) => Math.trunc(a / b);
  if (name === 'pow' && dtype === 'i32') return wholePower;
  if (name === 'add' && dtype === 'bool') return (a, b) => Math.max(a, b);
  return plain;
}

for (const [name, { accepts = ['f32', 'f16', 'i32', 'u32'], vjp, domain }] of records) {
  const result = (dtype: DType) => (name in comparisons ? 'bool' : dtype);

  test(`${name}: values`, async () => {
    assert.ok(references[name], `test/reference/elementwise.ts has no '${name}'`);
    if (!accepts.includes('f32')) return;
    await holds(
      [broadcastPairs, pairOfChoices, fc.nat(99)],
      async ({ a, b }, picks, seed) => {
        const [left, right] = [arrange(a, picks[0]), arrange(b, picks[1])];
        const x = domain ? spread(left.base, seed, domain[0]) : extremes(left.base, seed);
        const y = domain ? spread(right.base, seed + 1, domain[1]) : extremes(right.base, seed + 1);
        const actual = await download(apply(name, left.view(upload(x)), right.view(upload(y))));
        const expected = left.reference(x).zip(right.reference(y), references[name]!);
        const what = `${name} of ${left.name} and ${right.name}`;
        assertClose(actual, expected, accuracy[name], what);
      },
      name === 'add' ? 40 : 4,
    );
  });

  if (vjp) {
    test(`${name}: gradient`, async () => {
      // Smooth points: no two equal operands, no quotient a whole number.
      const points = (shape: number[], seed: number, [low, high]: Interval, offset: number) =>
        spread(shape, seed, [Math.max(low, -3), Math.min(high, 3)]).map((x) =>
          Math.fround(Math.floor(x * 8) / 8 + offset),
        );
      const [first, second] = domain ?? [
        [-3, 3],
        [-3, 3],
      ];
      const subject = {
        name,
        f: (a: AnyTensor, b: AnyTensor) => apply(name, a, b),
        reference: (a: NdArray, b: NdArray) => a.zip(b, references[name]!),
      };
      const inputs = (a: number[], b: number[]) => [
        points(a, 3, first, 0.1357),
        points(b, 4, second, 0.1875),
      ];
      for (const [a, b] of [
        [[], []],
        [
          [3, 5],
          [3, 5],
        ],
        [
          [2, 1, 4],
          [3, 1],
        ],
        [[4], [2, 3, 1]],
      ] as [number[], number[]][]) {
        await assertGradients({ ...subject, inputs: inputs(a, b) });
      }
      await assertSecondGradients({ ...subject, inputs: inputs([3, 1], [5]) });
    });
  }

  test(`${name}: dtypes`, async () => {
    const bits = new NdArray([2, 2], [1, 0, 1, 1]);
    for (const dtype of everyDType.filter((one) => !accepts.includes(one))) {
      const x = upload(bits, dtype);
      assert.throws(
        () => apply(name, x, x),
        (error: Error) => error instanceof DTypeError && error.message.startsWith(`${name} takes`),
      );
    }
    const limits: Record<string, Interval> = { i32: [-1000, 1000], bool: [0, 1], u8: [0, 255] };
    for (const dtype of everyDType) {
      if (dtype === 'f32' || dtype === 'f16' || !accepts.includes(dtype)) continue;
      const [low, high] = limits[dtype] ?? [0, 1000];
      const a = whole([3, 5], 3, low, high);
      // Not 0, by which nothing can be divided.
      const b = whole([5], 4, low, high).map((x) => (dtype === 'bool' ? x : x || 1));
      const y = apply(name, upload(a, dtype), upload(b, dtype));
      assert.is(y.dtype, result(dtype));
      const expected = a.zip(b, referenceOf(name, dtype));
      const wrapped = dtype === 'bool' ? expected : expected.cast(dtype, 'i32');
      assertSame(await download(y), wrapped, `${name} of ${dtype}`);
    }
  });

  test(`${name}: what does not fit`, () => {
    const dtype = accepts[0] as DType;
    const other: DType = dtype === 'f32' ? 'i32' : 'f32';
    const [a, b] = [new NdArray([2, 3]), new NdArray([4])];
    assert.throws(
      () => apply(name, upload(a, dtype), upload(b, dtype)),
      (error: Error) =>
        error instanceof ShapeError &&
        error.message.startsWith(`${name}: shapes [2,3] and [4] do not broadcast`),
    );
    assert.throws(
      () => apply(name, upload(a, dtype), upload(a, other)),
      (error: Error) =>
        error instanceof DTypeError && error.message.includes(`${dtype}[2,3] and ${other}[2,3]`),
    );
  });
}

test('maximum and minimum of what is not a number', async () => {
  const nan = Number.NaN;
  const a = new NdArray([7], [nan, 1, nan, 2, -1, Number.POSITIVE_INFINITY, 0]);
  const b = new NdArray([7], [1, nan, nan, 1, 3, nan, Number.NEGATIVE_INFINITY]);
  for (const name of ['maximum', 'minimum'] as const) {
    const actual = await download(apply(name, upload(a), upload(b)));
    assertSame(actual, a.zip(b, references[name]!), name);
  }
});

test('comparisons with what is not a number', async () => {
  const nan = Number.NaN;
  const [a, b] = [new NdArray([4], [nan, 1, nan, 2]), new NdArray([4], [nan, nan, 1, 2])];
  const ordered = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;
  for (const name of ordered) {
    const actual = await download(apply(name, upload(a), upload(b)));
    assertSame(actual, a.zip(b, references[name]!), name);
  }
});

test('differences are not cancelled where that hides what is not finite', async () => {
  const values = new NdArray([5], [Number.NaN, Infinity, -Infinity, 3, 0]);
  const x = upload(values);
  const one = upload(NdArray.full([5], 1));
  const expected = values.map((v) => v - v);
  const calls = {
    'x − x': x.sub(x),
    'x + −x': x.add(x.neg()),
    '(x + 1) − x': x.add(one).sub(x).sub(1),
    'x − stopped x': x.sub(x.stopGradient()),
    '(x − x)²': x.squaredDifference(x),
    '1 · x − x · 1': one.mul(x).sub(x.mul(one)),
  };
  for (const [name, y] of Object.entries(calls)) assertSame(await download(y), expected, name);
});

test('a number as operand takes the dtype of the other', async () => {
  const x = new NdArray([3], [1, 2, 3]);
  const quotient = apply('div', upload(x), 2);
  assertClose(
    await download(quotient),
    x.map((a) => a / 2),
  );
  const less = apply('less', upload(x, 'u32'), 2);
  assertSame(await download(less), new NdArray([3], [1, 0, 0]));
  assert.throws(
    () => apply('add', upload(x, 'i32'), 1.5),
    (error: Error) => error instanceof DTypeError && /^add: 1.5 is no i32/.test(error.message),
  );
  const or = apply('logicalOr', upload(new NdArray([2], [0, 1]), 'bool'), 1);
  assertSame(await download(or), new NdArray([2], [1, 1]));
});

test('powers of negative numbers, 0 and 1', async () => {
  const pairs = [
    [-2, 3],
    [-2, 2],
    [-2, -1],
    [-2, 0],
    [-2, 0.5],
    [0, 0],
    [0, 2],
    [1, 100],
    [-1, 101],
    [-8, 1 / 3],
  ] as const;
  const [a, b] = [0, 1].map(
    (side) =>
      new NdArray(
        [pairs.length],
        pairs.map((p) => p[side]!),
      ),
  );
  const actual = await download(apply('pow', upload(a!), upload(b!)));
  assertClose(
    actual,
    a!.zip(b!, (x, y) => x ** y),
    { relative: 1e-5 },
    'pow',
  );
});

test('the derivatives of a power by its base, at 0 too', async () => {
  const nan = Number.NaN;
  // [base, exponent]: the first, second and third derivative.
  for (const [base, exponent, ...expected] of [
    [0, 0, 0, 0, 0],
    [2, 0, 0, 0, 0],
    [-3, 0, 0, 0, 0],
    [nan, 0, 0, 0, 0],
    [0, 1, 1, 0, 0],
    [0, 2, 0, 2, 0],
    [0, 3, 0, 0, 6],
    [-2, 3, 12, -12, 6],
    [0, 0.5, Number.POSITIVE_INFINITY],
    [nan, 2, nan],
  ] as const) {
    const x = upload(new NdArray([1], [base]));
    for (const power of [exponent, upload(new NdArray([1], [exponent]))]) {
      let y = apply('pow', x, power);
      for (const [order, value] of expected.entries()) {
        [y] = grad(y.sum(), [x]);
        assertSame(await download(y), new NdArray([1], [value]), `${base}^${exponent}: ${order}`);
      }
    }
  }
});

test('the derivative of a power by its exponent is 0 for bases of 0 and below', async () => {
  const bases = upload(new NdArray([5], [0, 0, 0, -2, 1]));
  const exponents = upload(new NdArray([5], [0, 2, 0.5, 2, 3]));
  const [slope] = grad(apply('pow', bases, exponents).sum(), [exponents]);
  assertSame(await download(slope), new NdArray([5]));
});

test('powers are exact where they can be', async () => {
  const pairs: [number, number][] = [];
  for (let base = -12; base <= 12; base++) {
    for (let exponent = 0; exponent <= 15; exponent++) {
      if (Math.fround(base ** exponent) === base ** exponent) pairs.push([base, exponent]);
    }
  }
  const [a, b] = [0, 1].map((side) => NdArray.from(pairs.map((pair) => pair[side]!)));
  const actual = await download(apply('pow', upload(a!), upload(b!)));
  assertSame(actual, a!.zip(b!, references.pow!), `${pairs.length} powers`);
});

test('remainders are exact and smaller than the divisor, whatever the quotient', async () => {
  const points = (seed: number) =>
    NdArray.build([3000], (_, i) => {
      const size = 2 ** (((i * (seed + 37)) % 180) - 90);
      return Math.fround(Math.sin(i * 7.1 + seed) * size);
    });
  const [a, b] = [points(1), points(2)];
  const actual = await download(apply('mod', upload(a), upload(b)));
  const expected = a.zip(b, references.mod!).map(Math.fround);
  for (const [i, value] of actual.data.entries()) {
    const divisor = b.data[i]!;
    assert.ok(Math.abs(value) < Math.abs(divisor), `${a.data[i]} mod ${divisor} is ${value}`);
    if (expected.data[i] === divisor) continue;
    assert.is(value, expected.data[i], `${a.data[i]} mod ${divisor}`);
  }
});

test('whole numbers wrap around', async () => {
  const top = new NdArray([2], [2 ** 31 - 1, -(2 ** 31)]);
  const one = new NdArray([2], [1, -1]);
  const sum = await download(apply('add', upload(top, 'i32'), upload(one, 'i32')));
  assertSame(sum, new NdArray([2], [-(2 ** 31), 2 ** 31 - 1]));
  const bytes = upload(new NdArray([3], [200, 255, 7]), 'u8');
  const wrapped = apply('add', bytes, bytes).cast('f32');
  assertSame(await download(wrapped), new NdArray([3], [144, 254, 14]), 'u8, then cast');
});

test('equal operands: the gradient goes to the first', async () => {
  const x = new NdArray([3], [1, 2, 3]);
  for (const name of ['maximum', 'minimum'] as const) {
    const [a, b] = [upload(x), upload(x)];
    const [da, db] = grad(apply(name, a, b).sum(), [a, b]);
    assertSame(await download(da), NdArray.full([3], 1));
    assertSame(await download(db), NdArray.full([3], 0));
  }
});

test.run();
