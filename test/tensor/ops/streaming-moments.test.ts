import '../../../src/tensor/methods.ts';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DTypeError, ShapeError } from '../../../src/errors.ts';
import { tensor, zeros } from '../../../src/tensor/ops/creation.ts';
import { StreamingMoments } from '../../../src/tensor/ops/streaming-moments.ts';
import { rejection } from '../../data/tiny-images.ts';

const test = suite('streaming moments');

/** In f64, of all rows at once. */
function direct(rows: readonly number[][], feature: number): { mean: number; variance: number } {
  const values = rows.map((row) => row[feature]!);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
}

test('however the rows are divided, moments are those of all', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: -3000, max: 3000 }),
      async (features, sizes, offset) => {
        const moments = new StreamingMoments();
        const rows: number[][] = [];
        for (const size of sizes) {
          const part = Array.from({ length: size }, (_, i) =>
            Array.from(
              { length: features },
              (_, j) => offset + (((rows.length + i) * (j + 3)) % 7),
            ),
          );
          rows.push(...part);
          await moments.add(tensor(Float32Array.from(part.flat()), [size, features]));
        }
        for (let j = 0; j < features; j++) {
          const { mean, variance } = direct(rows, j);
          assert.ok(Math.abs(moments.mean[j]! - mean) < 1e-3, `${moments.mean[j]} for ${mean}`);
          assert.ok(Math.abs(moments.variance[j]! - variance) < 1e-3);
        }
      },
    ),
    { numRuns: 30 },
  ));

test('one number an example, and features behind other axes', async () => {
  const flat = new StreamingMoments();
  await flat.add(tensor([1, 2]));
  await flat.add(tensor([6]));
  assert.equal([[...flat.mean], [...flat.variance]], [[3], [14 / 3]]);
  const images = new StreamingMoments();
  await images.add(tensor([1, 10, 3, 10, 5, 10, 7, 10]).reshape([2, 2, 2]));
  assert.equal(
    [[...images.mean], [...images.variance]],
    [
      [4, 10],
      [5, 0],
    ],
  );
});

test('a NaN is told by its feature alone', async () => {
  const moments = new StreamingMoments();
  await moments.add(tensor([[Number.NaN, 1]]));
  await moments.add(tensor([[1, 3]]));
  assert.equal([...moments.mean].map(String), ['NaN', '2']);
});

test('no elements, other features and other dtypes are refused', async () => {
  const moments = new StreamingMoments();
  assert.instance(await rejection(moments.add(zeros([0, 2]))), ShapeError);
  assert.instance(await rejection(moments.add(zeros([2, 0]))), ShapeError);
  assert.instance(await rejection(moments.add(tensor([1, 2], { dtype: 'i32' }))), DTypeError);
  await moments.add(zeros([1, 2]));
  const error = await rejection(moments.add(zeros([1, 3])));
  assert.instance(error, ShapeError);
  assert.match(error.message, /\[1,3\].*2 features/);
});

test.run();
