import type { Epilogue } from '../epilogue.ts';
import { ceilDivide, input, type Launches, launch, OUTPUT } from '../launch.ts';
import { program } from '../program.ts';
import small from '../wgsl/matmul/small.wgsl';
import { type OperandDTypes, operandReads } from './operand-reads.ts';
import type { Strides } from './problem.ts';
import type { Extent } from './variant.ts';

/** Where the lanes of a workgroup lie, and whether the transposed product is computed instead. */
interface SmallLayout {
  readonly swapped: boolean;
  readonly alongK: boolean;
  readonly columnLanes: number;
  readonly kLanes: number;
}

const LANES = 128;
/** Reads of one invocation that make it worth while. */
const ENOUGH_READS = 4;

/** Lanes lie along whatever axis the larger operand has its neighbours on, and share long reductions. */
export function chooseSmallLayout(extent: Extent, a: Strides, b: Strides): SmallLayout {
  const swapped = extent.rows > extent.columns;
  const large = swapped ? a : b;
  const alongK = large.k === 1;
  const reads = ceilDivide(extent.depth, alongK ? 4 : 1);
  const most = Math.min(alongK ? 64 : 32, Math.max(1, reads / ENOUGH_READS));
  const kLanes = 2 ** Math.floor(Math.log2(most));
  return { swapped, alongK, columnLanes: LANES / kLanes, kLanes };
}

/** The product where one side is short: workgroups share reductions instead of tiles. */
export function smallMatMul(
  extent: Extent,
  first: Strides,
  second: Strides,
  dtypes: OperandDTypes,
  epilogue: Epilogue,
): Launches {
  const { swapped, alongK, columnLanes, kLanes } = chooseSmallLayout(extent, first, second);
  const { batches, depth } = extent;
  const [rows, columns] = swapped ? [extent.columns, extent.rows] : [extent.rows, extent.columns];
  const [left, right] = swapped ? [second, first] : [first, second];
  const [a, b] = swapped ? [input(1), input(0)] : [input(0), input(1)];
  const columnTiles = ceilDivide(columns, columnLanes * (alongK ? 1 : 4));
  const workgroups = batches * columnTiles;
  const constants = {
    ROWS: rows,
    K_LANES: kLanes,
    COLUMN_LANES: columnLanes,
    ALONG_K: Number(alongK),
    A_VECTOR: Number(left.k === 1 && depth % 4 === 0),
    B_VECTOR: Number((alongK ? depth : columns) % 4 === 0),
  };
  const product = launch({
    program: program(
      'matmul_small',
      small,
      constants,
      operandReads(swapped ? { a: dtypes.b, b: dtypes.a } : dtypes),
    ),
    bindings: { a, b, result: OUTPUT },
    params: {
      columns,
      depth,
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
