import type { DType } from '../../../src/kernels/dtype.ts';

/** Few different numbers, so that there are ties, and the corners of the dtype. */
export function valuesOf(dtype: DType, count: number): number[] {
  const corners = {
    f32: [Number.NaN, Infinity, -Infinity, -0, 0, 3.4e38, -3.4e38, -1.5, 1.5],
    i32: [2 ** 31 - 1, -(2 ** 31), -1, 0, 1],
    u32: [2 ** 32 - 1, 2 ** 31, 2 ** 31 - 1, 0, 1],
  }[dtype as 'f32' | 'i32' | 'u32'];
  return Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(i + 1, 2654435761) >>> 8;
    return corners[mixed % (corners.length * 2)] ?? (mixed % 37) + 2;
  });
}
