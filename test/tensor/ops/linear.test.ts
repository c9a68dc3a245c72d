import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  device,
  grad,
  matMul,
  ShapeError,
  type Tensor,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { matMul as reference } from '../../reference/linear.ts';
import { choices, extents, spread } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: matMul');

// Shapes are drawn at run time here, so the types know none.
const multiply = matMul as unknown as (a: AnyTensor, b: AnyTensor) => AnyTensor;

/** Batches of both sides, where either may be repeated for the other's. */
const batches = fc.constantFrom<[number[], number[]]>(
  [[], []],
  [[3], [3]],
  [[3], []],
  [[], [2, 2]],
  [[2, 1], [3]],
  [[1], [2]],
  [
    [2, 3],
    [1, 3],
  ],
);

async function check(a: AnyTensor, b: AnyTensor, x: NdArray, y: NdArray, what: string) {
  // A sum is off by roundings of its terms' sizes, whatever they cancel to.
  const scale = reference(x.map(Math.abs), y.map(Math.abs));
  const actual = await download(multiply(a, b));
  assertClose(actual, reference(x, y), { relative: 1e-6, scale }, what);
}

test('any sizes, batches and operands', async () => {
  await holds(
    [fc.tuple(extents, extents, extents), batches, choices, choices],
    async ([m, k, n], [left, right], pick, other) => {
      const a = arrange([...left, m, k], pick);
      const b = arrange([...right, k, n], other);
      const [x, y] = [spread(a.base, 1, [-2, 2]), spread(b.base, 2, [-2, 2])];
      const what = `[${left}; ${m}, ${k}] · [${right}; ${k}, ${n}]: ${a.name}, ${b.name}`;
      await check(a.view(upload(x)), b.view(upload(y)), a.reference(x), b.reference(y), what);
    },
    25,
  );
});

test('flags say which operand is transposed', async () => {
  const [a, b] = [spread([2, 3, 5], 1, [-2, 2]), spread([5, 4], 2, [-2, 2])];
  const [x, y] = [upload(a), upload(b)];
  const expected = await download(matMul(x, y));
  const turnedX = upload(a.transpose([0, 2, 1]));
  const turnedY = upload(b.transpose());
  assertSame(await download(matMul(turnedX, y, true)), expected);
  assertSame(await download(matMul(x, turnedY, false, true)), expected);
  assertSame(await download(turnedX.matMul(turnedY, true, true)), expected);
  refuses(() => matMul(x, y, true), ShapeError, /^matMul: inner dimensions 3 and 5 differ/);
  refuses(() => matMul(x, y, 1 as never), ArgumentError, /^matMul: transposeA/);
});

test('large edges', async () => {
  for (const [m, k, n] of [
    [65, 130, 33],
    [1, 1000, 1],
    [128, 64, 128],
    [3, 2, 257],
  ] as const) {
    const [x, y] = [spread([m, k], 1, [-1, 1]), spread([k, n], 2, [-1, 1])];
    await check(upload(x), upload(y), x, y, `${m}×${k}×${n}`);
  }
});

test('a transposed operand is not copied', async () => {
  const { counters } = await device();
  const [x, y] = [spread([6, 5], 1, [-1, 1]), spread([5, 7], 2, [-1, 1])];
  const stored = async (array: NdArray) => upload(array).realize();
  const dispatches = async (product: AnyTensor) => {
    const before = counters.dispatches;
    await product.realize();
    return counters.dispatches - before;
  };
  const [a, b] = [await stored(x), await stored(y)];
  const [at, bt] = [await stored(x.transpose()), await stored(y.transpose())];
  const plain = await dispatches(multiply(a, b));
  assert.is(plain, 1);
  assert.is(await dispatches(multiply(at.transpose(), b)), plain);
  assert.is(await dispatches(multiply(a, bt.transpose())), plain);
  const both = multiply(at.transpose(), bt.transpose());
  assert.is(await dispatches(both), plain);
  await check(at.transpose(), bt.transpose(), x, y, 'both transposed');

  const batch = spread([3, 5, 6], 3, [-1, 1]);
  const t = await stored(batch);
  assert.is(await dispatches(multiply(t.transpose([0, 2, 1]), b)), plain);
  const swapped = batch.transpose([0, 2, 1]);
  await check(t.transpose([0, 2, 1]), b, swapped, y, 'a batch transposed');
});

test('another order of the axes is written out', async () => {
  const x = spread([4, 3, 2], 1, [-1, 1]);
  const y = spread([3, 5], 2, [-1, 1]);
  await check(upload(x).transpose([2, 0, 1]), upload(y), x.transpose([2, 0, 1]), y, 'rotated');
});

test('nothing to multiply', async () => {
  const shapeOf = (a: number[], b: number[]) =>
    multiply(upload(new NdArray(a)), upload(new NdArray(b))).shape;
  assert.equal(shapeOf([0, 3], [3, 2]), [0, 2]);
  assert.equal(shapeOf([2, 3], [3, 0]), [2, 0]);
  const empty = multiply(upload(new NdArray([2, 0])), upload(new NdArray([0, 3])));
  assert.equal(await empty.array(), [
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('bias and activation after it', async () => {
  const [x, y, b] = [
    spread([5, 6], 1, [-1, 1]),
    spread([6, 8], 2, [-1, 1]),
    spread([8], 3, [-1, 1]),
  ];
  const [tx, ty, tb] = [upload(x), upload(y), upload(b)];
  const plain = reference(x, y).zip(b, (p, q) => p + q);
  for (const [name, f] of [
    ['relu', (v: number) => Math.max(v, 0)],
    ['tanh', Math.tanh],
    ['sigmoid', (v: number) => 1 / (1 + Math.exp(-v))],
  ] as const) {
    const sum = multiply(tx, ty).add(tb);
    const actual = await download(sum[name]());
    assertClose(actual, plain.map(f), { relative: 2e-6, scale: 2 }, name);
  }
});

test('a transposed operand has a gradient of its own', async () => {
  const [x, w] = [spread([3, 4], 1, [-1, 1]), spread([5, 4], 2, [-1, 1])];
  const turned = upload(w).transpose();
  const [dt] = grad(multiply(upload(x), turned).sum() as Tensor, [turned]);
  const sums = NdArray.build([4, 5], ([k]) => [0, 1, 2].reduce((sum, i) => sum + x.at(i, k!), 0));
  assertClose(await download(dt as AnyTensor), sums);
});

test('the gradient of what was transposed is computed as that lies', async () => {
  const { counters } = await device();
  const [x, w] = [upload(spread([6, 5], 1, [-1, 1])), upload(spread([7, 5], 2, [-1, 1]))];
  const [, dw] = grad(multiply(x, w.transpose()).sum(), [x, w]);
  const [, db] = grad(multiply(x, w.reshape([5, 7])).sum(), [x, w]);
  const dispatches = async (gradient: AnyTensor) => {
    const before = counters.dispatches;
    await gradient.realize();
    return counters.dispatches - before;
  };
  assert.is(await dispatches(dw!), await dispatches(db!));
});

test('gradients, with either side transposed or repeated', async () => {
  const t = (x: AnyTensor) =>
    x.transpose([...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));
  const swap = (x: NdArray) =>
    x.transpose([...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));
  for (const [a, b] of [
    [
      [3, 4],
      [4, 5],
    ],
    [
      [2, 3, 4],
      [4, 2],
    ],
    [
      [2, 3],
      [2, 2, 3, 2],
    ],
    [
      [2, 1, 2, 3],
      [2, 3, 2],
    ],
  ] as [number[], number[]][]) {
    const [x, y] = [spread(a, 1, [-1, 1]), spread(b, 2, [-1, 1])];
    for (const [left, right] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const subject = {
        name: `[${a}]${left ? 'ᵀ' : ''} · [${b}]${right ? 'ᵀ' : ''}`,
        f: (p: AnyTensor, q: AnyTensor) => multiply(left ? t(p) : p, right ? t(q) : q),
        reference: (p: NdArray, q: NdArray) => reference(left ? swap(p) : p, right ? swap(q) : q),
        inputs: [left ? swap(x) : x, right ? swap(y) : y],
      };
      await assertGradients(subject);
      if (a.length === 2) await assertSecondGradients(subject);
    }
  }
});

test('gradient of a tensor times itself', async () => {
  const subject = {
    name: 'x · xᵀ',
    f: (x: AnyTensor) => multiply(x, x.transpose()),
    reference: (x: NdArray) => reference(x, x.transpose()),
    inputs: [spread([3, 4], 1, [-1, 1])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
});

test('what does not fit', () => {
  const x = (...shape: number[]) => upload(new NdArray(shape));
  refuses(
    () => multiply(x(2, 3), x(4, 2)),
    ShapeError,
    /^matMul: inner dimensions 3 and 4 differ: \[2,3\] · \[4,2\]/,
  );
  refuses(
    () => multiply(x(3, 2).transpose(), x(4, 2)),
    ShapeError,
    /^matMul: inner dimensions 3 and 4 differ: \[2,3\]/,
  );
  refuses(() => multiply(x(3), x(3, 2)), ShapeError, /^matMul: needs two or more axes.*\[3\]/);
  refuses(() => multiply(x(2, 2, 3), x(3, 3, 2)), ShapeError, /^matMul: shapes \[2\] and \[3\]/);
  refuses(() => multiply(x(2, 2).cast('i32'), x(2, 2)), DTypeError, /^matMul takes f32/);
});

test.run();
