import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  cholesky,
  DTypeError,
  determinant,
  grad,
  inverse,
  logDeterminant,
  ShapeError,
  solve,
  type Tensor,
  tensor,
  triangularSolve,
  zeros,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray, type Shape } from '../../../reference/array.ts';
import { matMul } from '../../../reference/linear.ts';
import * as reference from '../../../reference/linear-algebra.ts';
import { choices, spread } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, rounded, upload } from '../../transfer.ts';

const test = suite('tensor: linear algebra');

const batches: fc.Arbitrary<number[]> = fc.constantFrom([], [1], [3], [2, 3]);
const sizes: fc.Arbitrary<number> = fc.constantFrom(1, 2, 3, 5, 8, 13, 31);
const flags = fc.record({
  lower: fc.boolean(),
  transpose: fc.boolean(),
  unitDiagonal: fc.boolean(),
});

/** Matrices that are far from singular, though not where they are met first: rows are exchanged. */
const regular = (shape: Shape, seed: number): NdArray => {
  const n = shape.at(-1)!;
  const noise = spread(shape, seed, [-1, 1]);
  return NdArray.build(shape, (index, at) => {
    const [row, column] = index.slice(-2) as [number, number];
    return noise.data[at]! / n + Number((row * 2 + 1 + seed) % n === (column * 2 + 1) % n) * 2;
  }).map(Math.fround);
};

/** Odd sizes are regular by the pattern; an even one is shifted along. */
const square = (batch: readonly number[], n: number, seed: number): NdArray =>
  n % 2 === 1
    ? regular([...batch, n, n], seed)
    : rounded(spread([...batch, n, n], seed, [-1, 1]).zip(cyclic(n), (x, y) => x / n + 2 * y));

const cyclic = (n: number): NdArray =>
  NdArray.build([n, n], ([row, column]) => Number((row! + 1) % n === column));

/** m·mᵀ / n + 1 on the diagonal: symmetric and positive definite. */
const gram = (m: NdArray): NdArray =>
  matMul(m, reference.turned(m)).zip(unit(m.shape.at(-1)!), (x, y) => x / m.shape.at(-1)! + y);
const unit = (n: number): NdArray =>
  NdArray.build([n, n], ([row, column]) => Number(row === column));
const gramOf = (m: Tensor): Tensor =>
  m
    .matMul(m, false, true)
    .div(m.shape.at(-1)!)
    .add(upload(unit(m.shape.at(-1)!)));

test('matrices of two rows', async () => {
  const a = tensor([
    [4, 2],
    [2, 5],
  ]) as Tensor;
  assert.equal(await cholesky(a).array(), [
    [2, 0],
    [1, 2],
  ]);
  assert.is(await determinant(a).item(), 16);
  assert.equal(await solve(a, tensor([8, 12])).array(), [1, 2]);
  assert.equal(await triangularSolve(a, tensor([8, 14])).array(), [2, 2]);
  assert.equal(await triangularSolve(a, tensor([8, 10]), { lower: false }).array(), [1, 2]);
  assert.equal(
    await inverse(
      tensor([
        [0, 2],
        [4, 0],
      ]),
    ).array(),
    [
      [0, 0.25],
      [0.5, 0],
    ],
  );
  const { sign, logAbs } = logDeterminant(
    tensor([
      [0, 2],
      [4, 0],
    ]),
  );
  assert.is(await sign.item(), -1);
  assert.ok(Math.abs((await logAbs.item()) - Math.log(8)) < 1e-6);
});

test('cholesky', async () => {
  await holds([batches, sizes, choices], async (batch, n, pick) => {
    const shape = [...batch, n, n];
    const a = rounded(gram(spread(shape, pick[0]!, [-1, 1])));
    assertClose(await download(cholesky(upload(a))), reference.cholesky(a), { scale: 1 });
  });
});

test('only the lower triangle counts to cholesky', async () => {
  const a = rounded(gram(spread([5, 5], 1, [-1, 1])));
  const lower = NdArray.build([5, 5], ([i, j]) => (j! > i! ? Number.NaN : a.at(i!, j!)));
  assertSame(await download(cholesky(upload(lower))), await download(cholesky(upload(a))));
});

test('triangularSolve, each triangle in each direction', async () => {
  await holds(
    [batches, batches, sizes, fc.constantFrom(0, 1, 3, 5), flags, choices],
    async (left, right, n, k, options, pick) => {
      const [a0, b0] = left.length > 1 || right.length > 1 ? [[3], [2, 3]] : [left, right];
      const noise = spread([...a0!, n, n], pick[0]!, [-1, 1]);
      const a = rounded(noise.zip(unit(n), (x, y) => x / n + 2 * y));
      const b = spread(k === 0 ? [n] : [...b0!, n, k], pick[1]!, [-4, 4]);
      const actual = await download(triangularSolve(upload(a), upload(b), options));
      const expected = reference.triangularSolve(a, b, options);
      assertClose(actual, expected, { scale: 8 }, JSON.stringify(options));
    },
    16,
  );
});

test('solve, inverse and determinant', async () => {
  await holds(
    [batches, sizes, fc.constantFrom(1, 3, 5), choices],
    async (batch, n, k, pick) => {
      const a = square(batch, n, pick[0]!);
      const b = spread([...batch.slice(1), n, k], pick[1]!, [-4, 4]);
      const t = upload(a);
      assertClose(await download(solve(t, upload(b))), reference.solve(a, b), {
        relative: 4e-6,
        scale: 4,
      });
      const vector = spread([n], pick[2]!, [-4, 4]);
      assertClose(await download(solve(t, upload(vector))), reference.solve(a, vector), {
        relative: 4e-6,
        scale: 4,
      });
      assertClose(await download(inverse(t)), reference.inverse(a), { relative: 4e-6, scale: 1 });
      const expected = reference.determinant(a);
      assertClose(await download(determinant(t)), expected, { relative: 2e-5 });
      const { sign, logAbs } = logDeterminant(t);
      assertSame(await download(sign), expected.map(Math.sign));
      const logarithms = expected.map((v) => Math.log(Math.abs(v)));
      assertClose(await download(logAbs), logarithms, { scale: 10 });
    },
    8,
  );
});

test('of views', async () => {
  await holds([choices], async (pick) => {
    const { base, view, reference: seen, name } = arrange([3, 3], pick);
    const x = spread(base, pick[0]!, [-1, 1]);
    const a = (y: AnyTensor) => view(y).add(upload(cyclic(3).map((v) => 4 * v))) as Tensor;
    const b = spread([3, 2], 1, [-1, 1]);
    const expected = seen(x).zip(cyclic(3), (v, w) => Math.fround(v + 4 * w));
    const actual = await download(solve(a(upload(x)), upload(b)));
    assertClose(actual, reference.solve(expected, b), { relative: 1e-5, scale: 1 }, name);
  });
});

test('larger matrices than most: 130 rows', async () => {
  const a = square([], 130, 2);
  const b = spread([130, 3], 1, [-1, 1]);
  assertClose(await download(solve(upload(a), upload(b))), reference.solve(a, b), {
    relative: 1e-5,
    scale: 1,
  });
  const symmetric = rounded(gram(spread([130, 130], 3, [-1, 1])));
  assertClose(await download(cholesky(upload(symmetric))), reference.cholesky(symmetric), {
    relative: 4e-6,
    scale: 1,
  });
});

const inputs = (seed: number) => [square([2], 3, seed), spread([2, 3, 2], seed, [-1, 1])];
const subjects = [
  {
    name: 'cholesky',
    f: (m: Tensor) => cholesky(gramOf(m)),
    reference: (m: NdArray) => reference.cholesky(gram(m)),
    inputs: [spread([2, 3, 3], 1, [-1, 1])],
  },
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
    const options = {
      lower: bits % 2 === 1,
      transpose: (bits & 2) !== 0,
      unitDiagonal: (bits & 4) !== 0,
    };
    return {
      name: `triangularSolve ${JSON.stringify(options)}`,
      f: (a: Tensor, b: Tensor) => triangularSolve(a, b, options),
      reference: (a: NdArray, b: NdArray) => reference.triangularSolve(a, b, options),
      inputs: [
        rounded(spread([2, 3, 3], bits, [-1, 1]).zip(unit(3), (x, y) => x / 3 + 2 * y)),
        spread([2, 3, 2], bits, [-1, 1]),
      ],
    };
  }),
  { name: 'solve', f: solve, reference: reference.solve, inputs: inputs(1) },
  {
    name: 'inverse',
    f: (a: Tensor) => inverse(a),
    reference: reference.inverse,
    inputs: [square([2], 3, 2)],
  },
  {
    name: 'determinant',
    f: determinant,
    reference: reference.determinant,
    inputs: [square([2], 3, 3)],
  },
  {
    name: 'logDeterminant',
    f: (a: Tensor) => logDeterminant(a).logAbs,
    reference: (a: NdArray) => reference.determinant(a).map((v) => Math.log(Math.abs(v))),
    inputs: [square([2], 3, 4)],
  },
];

for (const subject of subjects) {
  test(`${subject.name}: gradients`, async () => {
    await assertGradients(subject);
    await assertSecondGradients(subject);
  });
}

test('the gradient of cholesky is symmetric', async () => {
  const a = upload(rounded(gram(spread([4, 4], 1, [-1, 1]))));
  const [slope] = grad(cholesky(a).sum(), [a]);
  assertSame(await download(slope.transpose([1, 0])), await download(slope));
});

test('singular matrices', async () => {
  const a = tensor([
    [1, 2, 3],
    [2, 4, 6],
    [0, 0, 0],
  ]) as Tensor;
  assert.is(await determinant(a).item(), 0);
  const { sign, logAbs } = logDeterminant(a);
  assert.is(await sign.item(), 0);
  assert.is(await logAbs.item(), Number.NEGATIVE_INFINITY);
  const x = await download(solve(a, tensor([1, 1, 1])));
  assert.not(x.data.some(Number.isFinite));
});

test('options that are undefined are left out', async () => {
  const a = tensor([
    [2, 9],
    [0, 4],
  ]);
  const left: object = { lower: undefined, transpose: undefined, unitDiagonal: undefined };
  assert.equal(await triangularSolve(a, tensor([2, 4]), left).array(), [1, 1]);
});

test('nothing', async () => {
  assert.equal(cholesky(zeros([2, 0, 0]) as Tensor).shape, [2, 0, 0]);
  assert.equal(inverse(zeros([0, 3, 3]) as Tensor).shape, [0, 3, 3]);
  assert.equal(await determinant(zeros([2, 0, 0])).array(), [1, 1]);
  assert.equal(determinant(zeros([0, 3, 3])).shape, [0]);
  assert.equal(await logDeterminant(zeros([0, 0])).logAbs.item(), 0);
  assert.equal(solve(zeros([3, 3]), zeros([3, 0])).shape, [3, 0]);
  assert.equal(triangularSolve(zeros([0, 0]), zeros([0])).shape, [0]);
});

test('what does not fit', () => {
  const a = upload(new NdArray([2, 3]));
  const square = upload(new NdArray([3, 3]));
  refuses(() => cholesky(a), ShapeError, /^cholesky: takes square matrices .*\[2,3\]/);
  refuses(() => inverse(square.cast('i32') as never), DTypeError, /^inverse takes f32/);
  refuses(() => determinant(upload(new NdArray([3]))), ShapeError, /^determinant: /);
  refuses(() => logDeterminant(a), ShapeError, /^logDeterminant: /);
  refuses(() => solve(square, a), ShapeError, /^solve: \[3,3\] takes .*\[\.\.\., 3, k\].*\[2,3\]/);
  refuses(
    () => triangularSolve(square, upload(new NdArray([2]))),
    ShapeError,
    /^triangularSolve: /,
  );
  refuses(
    () => triangularSolve(square, square, { upper: true } as never),
    ArgumentError,
    /^triangularSolve: .*upper/,
  );
  refuses(
    () => triangularSolve(square, square, { lower: 1 as never }),
    ArgumentError,
    /^triangularSolve: lower 1/,
  );
});

test.run();
