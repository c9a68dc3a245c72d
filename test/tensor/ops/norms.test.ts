import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  cosineSimilarity,
  countNonZero,
  DTypeError,
  grad,
  moments,
  norm,
  ShapeError,
  std,
  type Tensor,
  tensor,
} from '../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import * as reference from '../../reference/reductions.ts';
import { choices, shapes, spread } from '../arbitraries.ts';
import { arrange } from '../arrangements.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { holds } from '../property.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: norms and deviations');

const orders = [0, 0.5, 1, 2, 3, -1, Infinity, -Infinity, 'euclidean'] as const;

const subjects: Record<
  string,
  [(x: AnyTensor, axes?: number | number[]) => AnyTensor, reference.Reduction]
> = {
  std: [(x, axes) => std(x, axes), (x, axes) => reference.variance(x, axes).map(Math.sqrt)],
  'std, correction 1': [
    (x, axes) => std(x, axes, { correction: 1 }),
    (x, axes) => reference.variance(x, axes, false, 1).map(Math.sqrt),
  ],
  ...Object.fromEntries(
    orders.map((ord) => [
      `norm, ${ord}`,
      [
        (x: AnyTensor, axes?: number | number[]) => norm(x, ord, axes),
        (x: NdArray, axes?: reference.Axes) =>
          reference.norm(x, ord === 'euclidean' ? 2 : ord, axes),
      ],
    ]),
  ),
};

// A deviation inherits the rounding of the mean, which is some 4 here.
for (const [name, [f, expected]] of Object.entries(subjects)) {
  test(`${name}: values`, async () => {
    await holds(
      [shapes({ min: 1, max: 3 }), choices, fc.nat(99)],
      async (shape, pick, seed) => {
        const axis = pick[0]! % shape.length;
        const { base, view, reference: arranged, name: how } = arrange(shape, pick);
        const x = spread(base, seed, [0.5, 4]).map((v) => (Math.round(v * 8) % 2 ? v : -v));
        for (const axes of [axis, undefined]) {
          const actual = await download(f(view(upload(x)), axes));
          const whole = expected(arranged(x), axes).map((v) =>
            shape[axis] === 1 && name.endsWith('1') && name.startsWith('std') && axes !== undefined
              ? v
              : v,
          );
          assertClose(actual, whole, { relative: 2e-5, scale: 0.1 }, `${name} of ${how}`);
        }
      },
      6,
    );
  });

  if (name === 'norm, 0') continue;
  test(`${name}: gradients`, async () => {
    const subject = {
      name,
      f: (x: Tensor) => f(x, 1),
      reference: (x: NdArray) => expected(x, 1),
      inputs: [spread([3, 5], 4, [-3, 3])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  });
}

test('norms of matrices', async () => {
  const x = tensor([
    [1, -2],
    [-3, 4],
    [5, 6],
  ]) as Tensor;
  assert.is(await norm(x, 1, [0, 1]).item(), 12);
  assert.is(await norm(x, Infinity, [0, 1]).item(), 11);
  assert.is(await norm(x, -Infinity, [0, 1]).item(), 3);
  assert.is(await norm(x, -1, [0, 1]).item(), 9);
  assert.is(await norm(x, 1, [1, 0]).item(), 11);
  assertClose(await download(norm(x, 'fro', [0, 1])), new NdArray([], [Math.sqrt(91)]));
  assert.equal(norm(x, 1, [0, 1], true).shape, [1, 1]);
  const three = x.reshape([1, 3, 2]).expand([4, 3, 2]) as Tensor;
  assert.equal(await norm(three, 1, [-2, -1]).array(), [12, 12, 12, 12]);
});

test('gradients where there is none are 0, as in PyTorch', async () => {
  const zero = upload(new NdArray([3]));
  const equal = upload(new NdArray([3], [2, 2, 2]));
  for (const ord of [0.5, 1, 2, 3, Infinity] as const) {
    const [slope] = grad(norm(zero, ord), [zero]);
    assertSame(await download(slope), new NdArray([3]), `norm ${ord} at 0`);
  }
  const [slope] = grad(std(equal), [equal]);
  assertSame(await download(slope), new NdArray([3]), 'std of equal elements');
  const some = upload(new NdArray([3], [0, 3, 4]));
  for (const ord of [0.5, 1.5, 3] as const) {
    const [partial] = grad(norm(some, ord), [some]);
    assert.is((await download(partial)).data[0], 0, `norm ${ord} beside 0`);
  }
});

/** Σab / (‖a‖ ‖b‖) of two arrays of one shape. */
function cosine(a: NdArray, b: NdArray, axis: number): NdArray {
  const size = (v: NdArray) => reference.norm(v, 2, axis);
  const products = a.zip(b, (p, q) => p * q);
  return reference.sum(products, axis).zip(
    size(a).zip(size(b), (p, q) => p * q),
    (p, q) => p / q,
  );
}

test('moments, countNonZero and cosineSimilarity', async () => {
  const x = spread([3, 5], 2, [-2, 2]);
  const { mean, variance } = moments(upload(x), 1, true);
  assertClose(await download(mean), reference.mean(x, 1, true), { scale: 1 });
  assertClose(await download(variance), reference.variance(x, 1, true), { relative: 1e-5 });

  const some = tensor([
    [0, -0, Number.NaN],
    [1, 0, 2],
  ]);
  assert.equal(await countNonZero(some).data(), Int32Array.of(3));
  assert.equal(await countNonZero(some, 0).data(), Int32Array.of(1, 0, 2));
  assert.equal(await countNonZero(tensor([true, false]), 0, true).data(), Int32Array.of(1));

  const y = spread([3, 5], 3, [-2, 2]);
  const subject = {
    f: (a: Tensor, b: Tensor) => cosineSimilarity(a, b),
    reference: (a: NdArray, b: NdArray) => cosine(a, b, 1),
    inputs: [x, y],
  };
  assertClose(await download(cosineSimilarity(upload(x), upload(y))), cosine(x, y, 1), {
    scale: 1,
  });
  await assertGradients(subject);
  await assertSecondGradients(subject);
  const none = upload(new NdArray([2, 3]));
  assertSame(await download(cosineSimilarity(none, none)), new NdArray([2]));
});

test('cosineSimilarity of what broadcasts runs along an axis of the result', async () => {
  const [x, y] = [spread([1, 2, 3], 4, [-2, 2]), spread([2, 1, 3], 5, [-2, 2])] as const;
  for (const axis of [0, 1, 2]) {
    const expected = cosine(x.expand([2, 2, 3]), y.expand([2, 2, 3]), axis);
    for (const one of [axis, axis - 3]) {
      const actual = await download(cosineSimilarity(upload(x), upload(y), one));
      assertClose(actual, expected, { scale: 1 }, `axis ${one}`);
    }
  }
  await assertGradients({
    f: (a: Tensor, b: Tensor) => cosineSimilarity(a, b, 1),
    reference: (a: NdArray, b: NdArray) => cosine(a.expand([2, 2, 3]), b.expand([2, 2, 3]), 1),
    inputs: [x, y],
  });
});

test('what does not fit', () => {
  const x = upload(new NdArray([2, 3]));
  refuses(() => norm(x, 2, [0, 1]), ArgumentError, /^norm: of matrices there are 'fro', 1/);
  refuses(() => norm(x, 2, 2), ShapeError, /^norm: axis 2/);
  refuses(() => countNonZero([1] as never), ArgumentError, /^countNonZero: /);
  refuses(() => norm(x, Number.NaN), ArgumentError, /^norm: ord NaN/);
  refuses(() => norm(x, 'max' as 'fro'), ArgumentError, /^norm: ord 'max'/);
  refuses(() => norm(x.cast('i32') as AnyTensor), DTypeError, /^norm takes f32/);
  refuses(() => std(x, 0, { correction: Number.NaN }), ArgumentError, /correction/);
  refuses(() => cosineSimilarity(x, x, 0, -1), ArgumentError, /epsilon/);
});

test.run();
