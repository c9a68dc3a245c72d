// Kernels that read f16 where their operands would be f32 made of it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import { grad } from '../../../src/autograd/grad.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import { conv2d } from '../../../src/tensor/ops/convolution.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { matMul } from '../../../src/tensor/ops/linear.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { noise } from '../../kernels/matmul/matmul-reference.ts';
import { nearestHalf } from '../../reference/half.ts';
import { sizeOf } from '../../reference/shape.ts';
import { STANDARD_LIMITS } from '../limits.ts';

const test = suite('graph: operands of f16');

let seed = 1;
/** The same numbers as f16 and as f32. */
function pair(...shape: number[]): { half: AnyTensor; whole: AnyTensor } {
  const values = noise(sizeOf(shape), seed++).map(nearestHalf);
  const [half, whole] = (['f16', 'f32'] as const).map((dtype) => tensor(values, shape, { dtype }));
  return { half: half as AnyTensor, whole: whole as AnyTensor };
}

const wide = (x: AnyTensor) => x.cast('f32') as AnyTensor;
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
