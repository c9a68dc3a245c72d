import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cholesky, lu } from '../../../src/kernels/linear-algebra/factors.ts';
import { triangularSolve } from '../../../src/kernels/linear-algebra/triangular-solve.ts';
import { NdArray } from '../../reference/array.ts';
import { matMul } from '../../reference/linear.ts';
import * as reference from '../../reference/linear-algebra.ts';
import { spread } from '../../tensor/arbitraries.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { rounded } from '../../tensor/transfer.ts';
import { kinds, runKernel } from '../harness.ts';

const test = suite('kernels: linear algebra');

const values = ({ shape, data }: NdArray) => ({ shape, data: Float32Array.from(data) });
const unit = (n: number) => NdArray.build([n, n], ([i, j]) => Number(i === j));

for (const [kind, limits] of Object.entries({ cpu: kinds.cpu, gpu: kinds.gpu })) {
  test(`cholesky on a ${kind}`, async () => {
    // Fewer rows than invocations, as many, and more.
    for (const n of [1, 2, 7, 64, 67]) {
      const m = spread([2, n, n], n, [-1, 1]);
      const a = rounded(matMul(m, reference.turned(m)).zip(unit(n), (x, y) => x / n + y));
      const actual = await runKernel(cholesky, {
        inputs: [values(a)],
        output: { shape: a.shape },
        attributes: {},
        limits,
      });
      const found = new NdArray(a.shape, Float64Array.from(actual));
      assertClose(found, reference.cholesky(a), { relative: 4e-6, scale: 1 }, `${n} rows`);
    }
  });

  test(`lu on a ${kind}: its product is the matrix, its rows in the order that is told`, async () => {
    for (const n of [1, 2, 7, 64, 67]) {
      const a = spread([2, n, n], n, [-1, 1]);
      const actual = await runKernel(lu, {
        inputs: [values(a)],
        output: { shape: [2, n, n + 2] },
        attributes: {},
        limits,
      });
      const all = new NdArray([2, n, n + 2], Float64Array.from(actual));
      const factor = (value: (i: number, j: number, x: number) => number) =>
        NdArray.build([2, n, n], ([b, i, j]) => value(i!, j!, all.at(b!, i!, j!)));
      const l = factor((i, j, x) => (i === j ? 1 : i > j ? x : 0));
      const u = factor((i, j, x) => (i <= j ? x : 0));
      const ordered = NdArray.build([2, n, n], ([b, i, j]) => a.at(b!, all.at(b!, i!, n), j!));
      assertClose(matMul(l, u), ordered, { relative: 1e-5, scale: 1 }, `${n} rows`);
      // By partial pivoting no row takes more than once another.
      assert.ok(l.data.every((x) => Math.abs(x) <= 1));
      const signs = NdArray.build([2], ([b]) =>
        Array.from({ length: n }, (_, i) => all.at(b!, i, n + 1)).reduce((x, y) => x * y),
      );
      const pivots = NdArray.build([2], ([b]) =>
        Array.from({ length: n }, (_, i) => u.at(b!, i, i)).reduce((x, y) => x * y),
      );
      const determinants = pivots.zip(signs, (x, y) => x * y);
      assertClose(determinants, reference.determinant(a), { relative: 1e-3 }, `${n} rows`);
    }
  });
}

for (const bits of [0, 1, 2, 3, 4, 5, 6, 7]) {
  const attributes = {
    lower: bits % 2 === 1,
    transpose: (bits & 2) !== 0,
    unitDiagonal: (bits & 4) !== 0,
  };
  test(`triangular solve, ${JSON.stringify(attributes)}`, async () => {
    for (const [n, k] of [
      [1, 1],
      [5, 3],
      [9, 8],
      [17, 70],
    ] as const) {
      const a = rounded(spread([2, n, n], bits, [-1, 1]).zip(unit(n), (x, y) => x / n + 2 * y));
      const b = spread([2, n, k], 1, [-4, 4]);
      const actual = await runKernel(triangularSolve, {
        inputs: [values(a), values(b)],
        output: { shape: b.shape },
        attributes,
      });
      const found = new NdArray(b.shape, Float64Array.from(actual));
      assertClose(found, reference.triangularSolve(a, b, attributes), { scale: 8 }, `${n}, ${k}`);
    }
  });
}

test.run();
