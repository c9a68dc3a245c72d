import type { DeviceLimits } from '../../device/device.ts';
import type { Epilogue } from '../epilogue.ts';
import { ceilDivide, input, type Launches, launch, OUTPUT } from '../launch.ts';
import { program } from '../program.ts';
import small from '../wgsl/matmul/small.wgsl';
import type { Extent } from './variant.ts';

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

/** Where the lanes of a workgroup lie, and whether the transposed product is computed instead. */
interface SmallLayout {
  readonly swapped: boolean;
  readonly columnLanes: number;
  readonly kLanes: number;
}

/** Lanes lie along whatever axis the larger operand has its neighbours on. */
export function chooseSmallLayout({ rows, columns }: Extent, a: Strides, b: Strides): SmallLayout {
  const swapped = rows > columns;
  const [large, length] = swapped ? [a, rows] : [b, columns];
  const alongColumns = large.outer === 1 && length > 1;
  return { swapped, columnLanes: alongColumns ? 16 : 1, kLanes: alongColumns ? 8 : 64 };
}

/** The product where one side is short: workgroups share reductions instead of tiles. */
export function smallMatMul(
  extent: Extent,
  first: Strides,
  second: Strides,
  epilogue: Epilogue,
): Launches {
  const { swapped, columnLanes, kLanes } = chooseSmallLayout(extent, first, second);
  const [rows, columns] = swapped ? [extent.columns, extent.rows] : [extent.rows, extent.columns];
  const [left, right] = swapped ? [second, first] : [first, second];
  const [a, b] = swapped ? [input(1), input(0)] : [input(0), input(1)];
  const columnTiles = ceilDivide(columns, columnLanes);
  const workgroups = extent.batches * rows * columnTiles;
  const constants = {
    K_LANES: kLanes,
    COLUMN_LANES: columnLanes,
  };
  const product = launch({
    program: program('matmul_small', small, constants),
    bindings: { a, b, result: OUTPUT },
    params: {
      rows,
      columns,
      depth: extent.depth,
      columnTiles,
      tiles: workgroups,
      aBatch: left.batch,
      aRow: left.outer,
      aK: left.k,
      bBatch: right.batch,
      bK: right.k,
      bColumn: right.outer,
      resultRow: swapped ? 1 : columns,
      resultColumn: swapped ? rows : 1,
    },
    workgroups,
    epilogue,
  });
  return { launches: [product] };
}
