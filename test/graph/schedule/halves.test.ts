// Kernels that read f16 where their operands would be f32 made of it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import { grad } from '../../../src/autograd/grad.ts';
import { setDevice } from '../../../src/graph/execution/current-runtime.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import { conv2d } from '../../../src/tensor/ops/convolution/conv2d.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { matMul } from '../../../src/tensor/ops/linear.ts';
import { batchNorm, batchNormInference } from '../../../src/tensor/ops/normalization.ts';
import { avgPool2d, maxPool2d } from '../../../src/tensor/ops/pooling/pool2d.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { noise } from '../../kernels/matmul/matmul-reference.ts';
import { nearestHalf } from '../../reference/half.ts';
import { sizeOf } from '../../reference/shape.ts';
import { devices, ownDevice } from '../as-gpu.ts';
import { STANDARD_LIMITS } from '../limits.ts';
import '../kernels-loaded.ts';

const test = suite('graph: operands of f16');

let seed = 1;
/** The same numbers as f16 and as f32. */
function pair(...shape: number[]): { half: AnyTensor; whole: AnyTensor } {
  const values = noise(sizeOf(shape), seed++).map(nearestHalf);
  const [half, whole] = (['f16', 'f32'] as const).map((dtype) => tensor(values, shape, { dtype }));
  return { half: half as AnyTensor, whole: whole as AnyTensor };
}

const wide = (x: AnyTensor) => x.cast('f32') as AnyTensor;
const own = ownDevice(test);

const stepsFor = (...results: readonly AnyTensor[]) =>
  schedule(
    results.map(({ node }) => node),
    [],
    STANDARD_LIMITS,
  ).steps;

async function assertSameBits(actual: AnyTensor, expected: AnyTensor, what: string): Promise<void> {
  assert.equal([...(await actual.data())], [...(await expected.data())], what);
}

test('a cast in front of a product is no step, and changes no bit', async () => {
  for (const [rows, depth, columns] of [
    [5, 7, 6],
    [64, 32, 68],
    [1, 9, 3],
  ] as const) {
    const [a, b] = [pair(rows, depth), pair(depth, columns)];
    const steps = stepsFor(matMul(wide(a.half), wide(b.half)) as AnyTensor);
    assert.ok(steps.every(({ program }) => program.name.startsWith('matmul')));
    assert.ok(steps[0]?.operands.includes(a.half.node));
    const expected = matMul(a.whole, b.whole) as AnyTensor;
    await assertSameBits(matMul(wide(a.half), wide(b.half)) as AnyTensor, expected, 'both');
    await assertSameBits(matMul(wide(a.half), b.whole) as AnyTensor, expected, 'the left one');
    const turned = wide(b.half.transpose().mul(1) as AnyTensor).transpose() as AnyTensor;
    await assertSameBits(matMul(a.whole, turned) as AnyTensor, expected, 'a transposed one');
    const shaped = wide(a.half.reshape([depth, rows])).reshape([rows, depth]) as AnyTensor;
    await assertSameBits(matMul(shaped, b.whole) as AnyTensor, expected, 'a reshaped one');
  }
});

test('so it is in front of a convolution and its gradients, but for a few channels', async () => {
  for (const channels of [3, 8, 12]) {
    const [x, filter] = [pair(2, 6, 5, channels), pair(3, 3, channels, 8)];
    const of = (image: AnyTensor, by: AnyTensor) => conv2d(image, by, { padding: 'same' });
    const [half, whole] = [wide(x.half), wide(filter.half)];
    const y = of(half, whole);
    const reads = stepsFor(y).some(({ operands }) => operands.includes(x.half.node));
    assert.is(stepsFor(y).every(({ program }) => program.name !== 'cast') && reads, channels >= 8);
    const expected = of(x.whole, filter.whole);
    await assertSameBits(y, expected, `${channels} channels`);
    const seed = pair(...y.shape).whole;
    const actual = grad(y, [half, whole], seed) as unknown as AnyTensor[];
    const other = grad(expected, [x.whole, filter.whole], seed) as unknown as AnyTensor[];
    for (const [i, one] of actual.entries()) {
      await assertSameBits(one, other[i] as AnyTensor, `gradient ${i} of ${channels} channels`);
    }
  }
});

const pools: Readonly<Record<string, (x: AnyTensor) => AnyTensor>> = {
  'the maxima of windows': (x) => maxPool2d(x),
  'the maxima of windows that overlap': (x) => maxPool2d(x, { filterSize: 3, strides: 2 }),
  'the means of windows': (x) => avgPool2d(x, { filterSize: 3, strides: 2, padding: 'same' }),
};

for (const [name, of] of Object.entries(pools)) {
  test(`so it is in front of ${name} and of their gradients, for whole vectors of channels`, async () => {
    for (const channels of [3, 8]) {
      const x = pair(2, 7, 6, channels);
      const half = wide(x.half);
      const y = of(half);
      const seed = pair(...y.shape);
      const [dx] = grad(y, [half], wide(seed.half)) as [AnyTensor];
      const names = stepsFor(y, dx).map(({ program }) => program.name);
      assert.is(names.includes('cast'), channels === 3, `${names}`);
      await assertSameBits(y, of(x.whole), `${channels} channels`);
      const [expected] = grad(of(x.whole), [x.whole], seed.whole) as [AnyTensor];
      await assertSameBits(dx, expected, `gradient of ${channels} channels`);
    }
  });
}

for (const [on, as] of devices) {
  test(`so it is in front of batch normalization and its gradients${on}`, async () => {
    await setDevice(as(own()));
    for (const [rows, channels] of [
      [5, 8],
      [300, 12],
      [9, 3],
    ] as const) {
      const [x, gamma, beta] = [pair(rows, channels), pair(channels), pair(channels)];
      const seed = pair(rows, channels);
      const run = (of: AnyTensor, by: AnyTensor, g: AnyTensor) => {
        const y = batchNorm(of, by, beta.whole).output as AnyTensor;
        const gradients = grad(y, [of, by, beta.whole], g) as unknown as AnyTensor[];
        const moments = { mean: beta.whole, variance: beta.whole.square() };
        return [y, ...gradients, batchNormInference(of, moments, by, beta.whole) as AnyTensor];
      };
      const half = run(wide(x.half), wide(gamma.half), wide(seed.half));
      const casts = stepsFor(...half).filter(({ program }) => program.name === 'cast');
      // That of gamma always.
      assert.is(casts.length, channels === 3 ? 3 : 1, `${rows} rows of ${channels}`);
      const whole = run(x.whole, gamma.whole, seed.whole);
      for (const [i, one] of half.entries()) {
        await assertSameBits(one, whole[i] as AnyTensor, `${rows} rows of ${channels}: ${i}`);
      }
    }
  });
}

test('so it is in front of sums and extremes, along rows and where columns come by fours', async () => {
  for (const [shape, axis] of [
    [[7, 5], 1],
    [[3, 1031], 1],
    [[9, 8], 0],
    [[1031, 16], 0],
    [[2, 33, 12], 1],
    [[9, 5], 0],
  ] as const) {
    const x = pair(...shape);
    for (const name of ['sum', 'max', 'min'] as const) {
      const y = wide(x.half)[name](axis) as AnyTensor;
      const reads = stepsFor(y)[0]?.operands.includes(x.half.node);
      assert.is(reads, true);
      const copies = stepsFor(y).some(({ program }) => program.name === 'cast');
      assert.is(copies, shape[1] === 5 && axis === 0, `${name} of [${shape}] along ${axis}`);
      await assertSameBits(y, x.whole[name](axis) as AnyTensor, `${name} of [${shape}]`);
    }
  }
});

test('what is cast and asked for itself is there too', async () => {
  const [a, b] = [pair(6, 8), pair(8, 5)];
  const widened = wide(a.half);
  const product = matMul(widened, b.whole) as AnyTensor;
  await Promise.all([widened.realize(), product.realize()]);
  await assertSameBits(widened, a.whole, 'the operand');
  await assertSameBits(product, matMul(a.whole, b.whole) as AnyTensor, 'the product');
  // Its memory is f32 by now.
  await assertSameBits(matMul(widened, b.whole) as AnyTensor, product, 'once more');
});

test('what a product rounds between two layers is read as it is stored', async () => {
  const [x, w, v] = [pair(9, 12), pair(12, 8), pair(8, 4)];
  const hidden = (matMul(x.whole, w.whole) as AnyTensor).relu().cast('f16') as AnyTensor;
  const y = matMul(wide(hidden), v.whole) as AnyTensor;
  assert.ok(stepsFor(y).at(-1)?.operands.includes(hidden.node));
  const rounded = tensor((await hidden.data()).map(nearestHalf), [9, 8]) as AnyTensor;
  await assertSameBits(y, matMul(rounded, v.whole) as AnyTensor, 'the second product');
});

const results: Readonly<Record<string, (columns: number) => AnyTensor>> = {
  'a product': (c) => matMul(pair(9, 20).whole, pair(20, c).whole) as AnyTensor,
  'a product of one row': (c) => matMul(pair(1, 20).whole, pair(20, c).whole) as AnyTensor,
  'products with a long reduction': (c) =>
    matMul(pair(2, 5, 1031).whole, pair(1031, c).whole) as AnyTensor,
  'a convolution': (c) => conv2d(pair(2, 6, 5, 4).whole, pair(3, 3, 4, c).whole),
  'a convolution of an image of few channels': (c) =>
    conv2d(pair(2, 6, 5, 3).whole, pair(3, 3, 3, c).whole),
  'a convolution of one pixel': (c) => conv2d(pair(2, 6, 5, 8).whole, pair(1, 1, 8, c).whole),
  'the gradient of an image': (c) => {
    const x = pair(2, 6, 5, c).whole;
    const y = conv2d(x, pair(3, 3, c, 4).whole, { strides: 2 });
    return grad(y, [x], pair(...y.shape).whole)[0] as AnyTensor;
  },
  'the gradient of a filter': (c) => {
    const filter = pair(3, 3, 3, c).whole;
    const y = conv2d(pair(3, 6, 5, 3).whole, filter);
    return grad(y, [filter], pair(...y.shape).whole)[0] as AnyTensor;
  },
  ...Object.fromEntries(
    Object.entries(pools).flatMap(([name, of]) => [
      [name, (c: number) => of(pair(2, 7, 6, c).whole)],
      [
        `the gradient of ${name}`,
        (c: number) => {
          const x = pair(2, 7, 6, c).whole;
          const y = of(x);
          return grad(y, [x], pair(...y.shape).whole)[0] as AnyTensor;
        },
      ],
    ]),
  ),
  'a normalization': (c) =>
    batchNorm(pair(9, c).whole, pair(c).whole, pair(c).whole).output as AnyTensor,
  'the gradient of a normalization': (c) => {
    const x = pair(9, c).whole;
    const y = batchNorm(x, pair(c).whole, pair(c).whole).output;
    return grad(y, [x], pair(9, c).whole)[0] as AnyTensor;
  },
  'a mean': (c) => pair(c, 40).whole.mean(1) as AnyTensor,
};

for (const [on, as] of devices) {
  for (const [name, make] of Object.entries(results)) {
    test(`${name} ends as f16 where its rows are whole words${on}`, async () => {
      await setDevice(as(own()));
      // A program of a GPU takes a software driver a second to compile.
      for (const columns of on ? [68] : [8, 12, 5, 68]) {
        seed = columns;
        const before = seed;
        const plain = make(columns).mul(1.25).relu() as AnyTensor;
        seed = before;
        const half = make(columns).mul(1.25).relu().cast('f16') as AnyTensor;
        const counts = [plain, half].map((y) => stepsFor(y).length);
        const folds = columns % 4 === 0 && name !== 'a mean' && !name.includes('one row');
        if (folds) assert.is(counts[1], counts[0], `${columns} columns`);
        const expected = (await plain.data()).map(nearestHalf);
        assert.equal([...(await half.data())], [...expected], `${columns} columns`);
      }
    });
  }
}

test('gradients pass through casts in front of a product', async () => {
  const [a, b] = [pair(6, 8), pair(8, 5)];
  const of = (x: AnyTensor, y: AnyTensor) =>
    (matMul(x, y) as AnyTensor).square().sum() as AnyTensor;
  const widened = wide(b.half);
  const loss = of(wide(a.half), widened);
  const [da, db, dw] = grad(loss, [a.half, b.half, widened]) as unknown as AnyTensor[];
  const [ea, eb] = grad(of(a.whole, b.whole), [a.whole, b.whole]) as unknown as AnyTensor[];
  await assertSameBits(da as AnyTensor, ea as AnyTensor, 'a');
  await assertSameBits(db as AnyTensor, eb as AnyTensor, 'b');
  await assertSameBits(dw as AnyTensor, eb as AnyTensor, 'the cast');
});

test.run();
