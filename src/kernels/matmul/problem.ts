import type { DeviceLimits } from '../../device/device.ts';
import { type KernelContext, product } from '../launch.ts';
import type { Extent } from './variant.ts';

export type MatMulAttributes = Readonly<{ transposeA: boolean; transposeB: boolean }>;

/** Elements from one batch, one row (or column) and one k of an operand to the next. */
export interface Strides {
  readonly batch: number;
  readonly outer: number;
  readonly k: number;
}

/** Whether a GPU does better without tiles: in a tile of 32 × 32 little would be used. */
export function isSmall({ rows, columns }: Extent, limits: Pick<DeviceLimits, 'cpu'>): boolean {
  return !limits.cpu && Math.min(rows, columns) <= 4;
}

/** Whether aᵀ · b comes with the sums of b's columns at no cost, as the gradient of a bias. */
export function sumsColumns(
  [rows = 1, columns = 1, ...batch]: readonly number[],
  { transposeA, transposeB }: MatMulAttributes,
  limits: DeviceLimits,
): boolean {
  const extent = { batches: 1, rows, columns, depth: 1 };
  return transposeA && !transposeB && batch.length === 0 && !limits.cpu && !isSmall(extent, limits);
}

/** Elements from one batch, one row or column and one k of either operand to the next, by name. */
export function addressing(a: Strides, b: Strides) {
  return {
    aBatch: a.batch,
    aRow: a.outer,
    aK: a.k,
    bBatch: b.batch,
    bK: b.k,
    bColumn: b.outer,
  };
}

/** What a product is about: its sizes, and how operands lie in memory. */
export function problemOf({ attributes, inputs, output }: KernelContext<MatMulAttributes>) {
  const [left, right] = inputs;
  const transposeA = attributes.transposeA !== (left?.transposed ?? false);
  const transposeB = attributes.transposeB !== (right?.transposed ?? false);
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  const depth = left?.shape.at(transposeA ? -2 : -1) as number;
  const extent: Extent = { batches: product(output.shape.slice(0, -2)), rows, columns, depth };
  const [aBatches, bBatches] = inputs.map(({ shape }) => product(shape.slice(0, -2)));
  const a: Strides = {
    batch: aBatches === 1 ? 0 : rows * depth,
    outer: transposeA ? 1 : depth,
    k: transposeA ? rows : 1,
  };
  const b: Strides = {
    batch: bBatches === 1 ? 0 : depth * columns,
    outer: transposeB ? depth : 1,
    k: transposeB ? 1 : columns,
  };
  return { extent, a, b, dtypes: { a: left?.dtype, b: right?.dtype }, transposeA, transposeB };
}
