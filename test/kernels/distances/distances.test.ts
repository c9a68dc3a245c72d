import { suite } from 'uvu';
import { type DistanceAttributes, distances } from '../../../src/kernels/distances/distances.ts';
import { NdArray } from '../../reference/array.ts';
import { spread } from '../../tensor/arbitraries.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { runKernel } from '../harness.ts';

const test = suite('kernels: distances');

/** Batches, rows, columns and elements: four columns side by side, and one by one. */
const sizes = [
  [1, 1, 1, 1],
  [1, 3, 4, 5],
  [2, 5, 7, 9],
  [3, 2, 12, 1],
  [2, 33, 64, 130],
] as const;

for (const power of [1, 2] as const) {
  test(`power ${power}`, async () => {
    for (const [batches, rows, columns, size] of sizes) {
      const x = spread([batches, rows, size], 1, [-2, 2]);
      const y = spread([batches, size, columns], 2, [-2, 2]);
      const shape = [batches, rows, columns];
      const found = await runKernel<DistanceAttributes>(distances, {
        inputs: [x, y].map((one) => ({ shape: one.shape, data: Array.from(one.data) })),
        output: { shape },
        attributes: { power },
      });
      const expected = NdArray.build(shape, ([b, i, j]) => {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += Math.abs(x.at(b!, i!, k) - y.at(b!, k, j!)) ** power;
        return sum ** (1 / power);
      });
      assertClose(new NdArray(shape, found), expected, { relative: 1e-5 }, `[${shape}] of ${size}`);
    }
  });
}

test.run();
