import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DType } from '../../../src/kernels/dtype.ts';
import { type SearchAttributes, searchSorted } from '../../../src/kernels/sorting/search-sorted.ts';
import { compared } from '../../reference/sorting.ts';
import { runKernel } from '../harness.ts';

const test = suite('kernels: search sorted');

const corners: Partial<Record<DType, readonly number[]>> = {
  f32: [Number.NaN, Infinity, -Infinity, -0, 0, 3.4e38, -3.4e38, 1e-30, -1e-30],
  i32: [2 ** 31 - 1, -(2 ** 31), -1, 0],
  u32: [2 ** 32 - 1, 2 ** 31, 2 ** 31 - 1, 0],
};

/** Few different numbers, so that there are ties, and the corners of the dtype. */
function valuesOf(dtype: DType, count: number, seed: number): number[] {
  const own = corners[dtype] ?? [];
  return Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(i + seed, 2654435761) >>> 8;
    return own[mixed % (own.length * 3)] ?? mixed % 23;
  });
}

async function check(rows: number, size: number, wanted: number, dtype: DType, right: boolean) {
  const sorted = Array.from({ length: rows }, (_, row) =>
    valuesOf(dtype, size, row * size + 1).sort(compared),
  );
  const values = valuesOf(dtype, rows * wanted, 7);
  const actual = await runKernel<SearchAttributes>(searchSorted, {
    inputs: [
      { shape: [rows, size], data: sorted.flat(), dtype },
      { shape: [rows, wanted], data: values, dtype },
    ],
    output: { shape: [rows, wanted], dtype: 'i32' },
    attributes: { size, wanted, right },
  });
  const expected = values.map((value, at) => {
    const row = sorted[Math.floor(at / wanted)] ?? [];
    return row.filter((x) => compared(x, value) < Number(right)).length;
  });
  assert.equal([...actual], expected, `${rows} rows of ${size} ${dtype}, ${wanted} wanted`);
}

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  for (const right of [false, true]) {
    test(`${dtype}, equal ones ${right ? 'before' : 'after'} a value`, async () => {
      for (const [rows, size, wanted] of [
        [1, 1, 1],
        [1, 2, 3],
        [3, 7, 5],
        [5, 64, 1],
        [2, 1000, 131],
      ] as const) {
        await check(rows, size, wanted, dtype, right);
      }
    });
  }
}

test.run();
