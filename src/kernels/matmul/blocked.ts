import {
  alongside,
  type Binding,
  ceilDivide,
  type LaunchContext,
  type Launches,
  launch,
} from '../launch.ts';
import { picked } from '../pick.ts';
import { program } from '../program.ts';
import blocked from '../wgsl/matmul/blocked.wgsl';
import direct from '../wgsl/matmul/direct.wgsl';
import block from '../wgsl/matmul/functions/blocked/block.wgsl';
import wholeSums from '../wgsl/matmul/functions/blocked/column-sums.wgsl';
import noSums from '../wgsl/matmul/functions/blocked/column-sums-none.wgsl';
import partialSums from '../wgsl/matmul/functions/blocked/column-sums-partial.wgsl';
import loads from '../wgsl/matmul/functions/blocked/loads.wgsl';
import place from '../wgsl/matmul/functions/blocked/tile.wgsl';
import { type BlockedVariant, blockedWays, nameOfTile } from './blocked-variant.ts';
import { type OperandDTypes, operandReads } from './operand-reads.ts';
import { tileStores } from './result-store.ts';
import { inSplits, type Reduction, splitStride } from './split-reduction.ts';
import { tilingOf } from './tiling.ts';
import { type Extent, problemName } from './variant.ts';

/** A matmul for GPUs whose operands are found by functions written in WGSL. */
export interface BlockedMatMul extends Reduction {
  readonly name: string;
  /** Bindings of the operands `a` (rows) and `b` (columns). */
  readonly operands: readonly [Binding, Binding];
  readonly dtypes?: OperandDTypes;
  /** The function files that loads.wgsl asks for places, and the constants and params they take. */
  readonly functions: readonly string[];
  readonly constants?: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, number>>;
  /** Whether neighbours in memory are neighbours along the reduction. */
  readonly alongK: { readonly a: boolean; readonly b: boolean };
  /** Whether all places asked for are multiples of four elements. */
  readonly vectors: { readonly a: boolean; readonly b: boolean };
  /** Whether a block may have elements that are outside, and count as zeros. */
  readonly padded: boolean;
  /** What the tiles cover, where that is more than the output. */
  readonly covered?: Extent;
}

/** What is the fastest for a product, as far as is known; `judged` is what its tiles do. */
export function pickBlocked(
  context: LaunchContext,
  { name, alongK, vectors, padded }: Omit<BlockedMatMul, 'operands' | 'epilogue'>,
  judged: Extent,
): BlockedVariant {
  const layout = [alongK.a, alongK.b, vectors.a, vectors.b, padded];
  const problem = problemName(name, judged, layout);
  return picked(context, problem, blockedWays(judged, context.limits));
}

export function blockedMatMul(work: BlockedMatMul, { tile, splits }: BlockedVariant): Launches {
  const covered = work.covered ?? work.extent;
  const { columns, depth } = covered;
  const steps = ceilDivide(depth, tile.depth);
  const { columnSums = false } = work;
  const shared = { ...work, splitLanes: 8 } as const;
  return inSplits(shared, steps, splits, ({ splits, perSplit, to, epilogue }) => {
    const parts = tilingOf(covered, [tile.rows, tile.columns], splits);
    const constants = {
      ...work.constants,
      TILE_ROWS: tile.rows,
      TILE_COLUMNS: tile.columns,
      ROW_BLOCKS: tile.rowBlocks,
      COLUMN_BLOCKS: tile.columnBlocks,
      K_GROUPS: tile.kGroups,
      DEPTH: tile.depth,
      A_ALONG_K: Number(work.alongK.a),
      B_ALONG_K: Number(work.alongK.b),
      A_VECTOR: Number(work.vectors.a),
      B_VECTOR: Number(work.vectors.b),
      PADDED: Number(work.padded),
      COLUMN_SUMS: Number(columnSums),
    };
    const [a, b] = work.operands;
    const sums = columnSums ? (splits > 1 ? partialSums : wholeSums) : noSums;
    return launch({
      program: program(
        `${work.name}_${nameOfTile(tile)}`,
        tile.direct ? direct : blocked,
        constants,
        [
          block,
          place,
          loads,
          ...operandReads(work.dtypes ?? {}),
          ...work.functions,
          ...tileStores(columns, epilogue),
          sums,
        ],
      ),
      bindings: { a, b, result: to, ...(sums === wholeSums && { columnSums: alongside(0) }) },
      params: {
        ...parts,
        reduction: depth,
        splitStride: splitStride(work.extent, columnSums),
        reductionPerSplit: perSplit * tile.depth,
        ...work.params,
      },
      workgroups: parts.tiles,
      epilogue,
    });
  });
}
