import { type Binding, ceilDivide, type Launches, launch } from '../launch.ts';
import { program } from '../program.ts';
import registers from '../wgsl/matmul/registers.wgsl';
import { type OperandDTypes, operandReads } from './operand-reads.ts';
import { tileStores } from './result-store.ts';
import { inSplits, type Reduction } from './split-reduction.ts';
import { tilingOf } from './tiling.ts';
import type { Variant } from './variant.ts';

/** A matmul for CPUs whose operands are found by functions written in WGSL: plain, or a convolution. */
export interface ImplicitMatMul extends Reduction {
  readonly name: string;
  /** Bindings of the operands `a` (rows) and `b` (columns). */
  readonly operands: readonly [Binding, Binding];
  readonly dtypes?: OperandDTypes;
  /** The function files that find the operands' elements, and the constants and params they take. */
  readonly functions: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, number>>;
  /** Stretches of the reduction that are taken one by one. */
  readonly segments: number;
  /** Whether four rows of `a`, or four columns of `b`, are one aligned `vec4`. */
  readonly vectors: { readonly a: boolean; readonly b: boolean };
  /** Whether elements of `a` may lie outside. */
  readonly padded: boolean;
  /**
   * So many neighbouring rows of `a` are as far apart as the next, and a segment through all or none lie
   * outside. Undefined where that differs from element to element.
   */
  readonly rowsTogether?: number | undefined;
}

/** So many invocations run side by side, as many as CPUs have lanes. */
const LANES = 8;

/** Covers the output with tiles in registers. */
export function implicitMatMul(work: ImplicitMatMul, tile: Variant): Launches {
  const { segments, padded } = work;
  const together = work.rowsTogether !== undefined && work.rowsTogether % tile.rows === 0;
  const tall = Math.min(LANES, 2 ** Math.ceil(Math.log2(ceilDivide(work.extent.rows, tile.rows))));
  const block = [tile.rows * tall, tile.columns * (LANES / tall)] as const;
  const constants = {
    ...work.constants,
    TALL: tall,
    ROWS: tile.rows,
    COLUMNS: tile.columns,
    LANES,
    A_VECTOR: Number(work.vectors.a && tile.rows > 1),
    B_VECTOR: Number(work.vectors.b),
    ROWS_ALIKE: Number(together),
    ROWS_APART: Number(padded && !together),
    PADDED: Number(padded),
  };
  return inSplits(work, segments, tile.splits, ({ splits, perSplit, to, epilogue }) => {
    const parts = tilingOf(work.extent, block, splits);
    const [a, b] = work.operands;
    return launch({
      program: program(`${work.name}_registers`, registers, constants, [
        ...operandReads(work.dtypes ?? {}),
        ...work.functions,
        ...tileStores(work.extent.columns, epilogue),
      ]),
      bindings: { a, b, result: to },
      params: {
        ...parts,
        reduction: work.extent.depth,
        segments,
        segmentsPerSplit: perSplit,
        tileVectors: (tile.rows * tile.columns) / 4,
        ...work.params,
      },
      workgroups: parts.tiles,
      epilogue,
    });
  });
}
