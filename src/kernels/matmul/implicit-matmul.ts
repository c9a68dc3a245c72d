import { type Binding, ceilDivide, type Launches, launch } from '../launch.ts';
import { program } from '../program.ts';
import resultScalar from '../wgsl/matmul/functions/result-scalar.wgsl';
import resultVec4 from '../wgsl/matmul/functions/result-vec4.wgsl';
import registers from '../wgsl/matmul/registers.wgsl';
import tiled from '../wgsl/matmul/tiled.wgsl';
import { inSplits, type Reduction } from './split-reduction.ts';
import { tilingOf } from './tiling.ts';
import type { Variant } from './variant.ts';

/** A matmul whose operands are found by functions written in WGSL: plain, or a convolution. */
export interface ImplicitMatMul extends Reduction {
  readonly name: string;
  /** Bindings of the operands `a` (rows) and `b` (columns). */
  readonly operands: readonly [Binding, Binding];
  /** The function files that find the operands' elements, and the constants and params they take. */
  readonly functions: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, number>>;
  /** Stretches of the reduction that the register-tiled kernel takes one by one. */
  readonly segments: number;
  /** Whether four rows of `a`, or four columns of `b`, are one aligned `vec4`. */
  readonly vectors: { readonly a: boolean; readonly b: boolean };
  /** Whether neighbours in memory are neighbours along the reduction. */
  readonly alongK: { readonly a: boolean; readonly b: boolean };
  /** Whether elements of `a` may lie outside. */
  readonly padded: boolean;
  /**
   * Of so many neighbouring rows of a padded `a`, all or none lie outside, a segment through.
   * Undefined where that differs from element to element.
   */
  readonly rowsTogether?: number;
}

/** The register-tiled kernel runs this many invocations side by side, as many as CPUs have lanes. */
const LANES = 8;

export function implicitMatMul(work: ImplicitMatMul, variant: Variant): Launches {
  return variant.kind === 'registers'
    ? registerTiled(work, variant)
    : workgroupTiled(work, variant);
}

function registerTiled(
  work: ImplicitMatMul,
  tile: Extract<Variant, { kind: 'registers' }>,
): Launches {
  const together = work.rowsTogether !== undefined && work.rowsTogether % tile.rows === 0;
  const constants = {
    ROWS: tile.rows,
    COLUMNS: tile.columns,
    LANES,
    A_VECTOR: Number(work.vectors.a && tile.rows > 1),
    B_VECTOR: Number(work.vectors.b),
    ROWS_APART: Number(work.padded && !together),
  };
  const result = work.extent.columns % 4 === 0 ? resultVec4 : resultScalar;
  return tiles(work, {
    name: `${work.name}_registers`,
    source: registers,
    functions: [result],
    constants,
    tile: [tile.rows, tile.columns],
    reduction: work.segments,
    splits: tile.splits,
    tilesPerWorkgroup: LANES,
  });
}

function workgroupTiled(
  work: ImplicitMatMul,
  { tile, threadRows, splits }: Extract<Variant, { kind: 'tiled' }>,
): Launches {
  const constants = {
    TILE: tile,
    THREAD_ROWS: threadRows,
    A_ALONG_K: Number(work.alongK.a),
    B_ALONG_K: Number(work.alongK.b),
  };
  return tiles(work, {
    name: `${work.name}_tiled`,
    source: tiled,
    functions: [],
    constants,
    tile: [tile, tile],
    reduction: work.extent.depth,
    splits,
    tilesPerWorkgroup: 1,
  });
}

interface Tiling {
  readonly name: string;
  readonly source: string;
  readonly functions: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly tile: readonly [rows: number, columns: number];
  /** Units of the reduction, which splits share out. */
  readonly reduction: number;
  readonly splits: number;
  readonly tilesPerWorkgroup: number;
}

/** The launch that covers the output with tiles. */
function tiles(work: ImplicitMatMul, tiling: Tiling): Launches {
  const [tileRows, tileColumns] = tiling.tile;
  return inSplits(work, tiling.reduction, tiling.splits, ({ splits, perSplit, to, epilogue }) => {
    const parts = tilingOf(work.extent, tiling.tile, splits);
    const constants = {
      ...work.constants,
      ...tiling.constants,
      PADDED: Number(work.padded),
    };
    const [a, b] = work.operands;
    return launch({
      program: program(tiling.name, tiling.source, constants, [
        ...work.functions,
        ...tiling.functions,
      ]),
      bindings: { a, b, result: to },
      params: {
        ...parts,
        reduction: tiling.reduction,
        reductionPerSplit: perSplit,
        tileVectors: (tileRows * tileColumns) / 4,
        ...work.params,
      },
      workgroups: ceilDivide(parts.tiles, tiling.tilesPerWorkgroup),
      epilogue,
    });
  });
}
