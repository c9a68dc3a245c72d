import {
  activations,
  BIAS,
  type Binding,
  ceilDivide,
  type Epilogue,
  type Launch,
  type Launches,
  NO_EPILOGUE,
  OUTPUT,
  program,
  temporary,
} from './launch.ts';
import type { Extent, RegisterTile } from './register-tile.ts';
import activation from './wgsl/activation.wgsl';
import registers from './wgsl/matmul_registers.wgsl';
import resultScalar from './wgsl/matmul_result_scalar.wgsl';
import resultVec4 from './wgsl/matmul_result_vec4.wgsl';
import sum from './wgsl/matmul_sum.wgsl';

/** A matmul whose operands are found by functions written in WGSL: plain, or a convolution. */
export interface ImplicitMatMul {
  readonly name: string;
  readonly extent: Extent;
  /** Bindings of the operands `a` (rows) and `b` (columns). */
  readonly operands: readonly [Binding, Binding];
  /** The function files that find the operands' elements. */
  readonly functions: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  /** Parameters of those functions. */
  readonly words: readonly number[];
  readonly epilogue: Epilogue;
}

/** What the register-tiled kernel must know besides. */
export interface Segmented extends ImplicitMatMul {
  /** Units of the reduction that splits share out: the depth itself, or segments of it. */
  readonly reduction: number;
  /** Whether four rows of `a`, or four columns of `b`, are one aligned `vec4`. */
  readonly vectors: { readonly a: boolean; readonly b: boolean };
  /** Whether elements of `a` may lie outside. */
  readonly padded: boolean;
}

const LANES = 8;
const SUM_LANES = 64;

/** The product by register tiles, without workgroup memory: for devices that run on a CPU. */
export function registerTiled(work: Segmented, tile: RegisterTile): Launches {
  const { batches, rows, columns } = work.extent;
  const rowTiles = ceilDivide(rows, tile.rows);
  const columnTiles = ceilDivide(columns, tile.columns);
  return inSplits(work, work.reduction, tile.splits, (splits, perSplit, to, epilogue) => {
    const tiles = splits * batches * rowTiles * columnTiles;
    const constants = {
      ...work.constants,
      ...epilogueConstants(epilogue),
      ROWS: tile.rows,
      COLUMNS: tile.columns,
      LANES,
      A_VECTOR: Number(work.vectors.a && tile.rows > 1),
      B_VECTOR: Number(work.vectors.b),
      PADDED: Number(work.padded),
    };
    const result = columns % 4 === 0 ? resultVec4 : resultScalar;
    return {
      program: program(`${work.name}_registers`, registers, constants, [
        ...work.functions,
        activation,
        result,
      ]),
      bindings: [...work.operands, epilogue.bias ? BIAS : work.operands[1], to],
      params: [
        rows,
        columns,
        rowTiles,
        columnTiles,
        tiles,
        batches,
        splitStride(work.extent),
        work.reduction,
        perSplit,
        (tile.rows * tile.columns) / 4,
        ...work.words,
      ],
      workgroups: ceilDivide(tiles, LANES),
    };
  });
}

/**
 * Runs `pass` once, or where the reduction is to be split, once into scratch and then sums up; the
 * epilogue belongs to whichever stores the output.
 */
export function inSplits(
  work: ImplicitMatMul,
  reduction: number,
  wanted: number,
  pass: (splits: number, perSplit: number, to: Binding, epilogue: Epilogue) => Launch,
): Launches {
  const perSplit = ceilDivide(reduction, Math.max(1, wanted));
  const splits = ceilDivide(reduction, perSplit);
  if (splits === 1) return { launches: [pass(1, perSplit, OUTPUT, work.epilogue)] };
  const stride = splitStride(work.extent);
  const vectors = stride / 4;
  const { bias } = work.epilogue;
  const constants = { ...epilogueConstants(work.epilogue), LANES: SUM_LANES };
  const summing: Launch = {
    program: program('matmul_sum', sum, constants, [activation]),
    bindings: [temporary(0), bias ? BIAS : temporary(0), OUTPUT],
    params: [vectors, splits, work.extent.columns],
    workgroups: ceilDivide(vectors, SUM_LANES),
  };
  return {
    launches: [pass(splits, perSplit, temporary(0), NO_EPILOGUE), summing],
    temporaries: [splits * stride * 4],
  };
}

/** Elements from one split's partial result to the next: whole `vec4`s. */
function splitStride({ batches, rows, columns }: Extent): number {
  return ceilDivide(batches * rows * columns, 4) * 4;
}

function epilogueConstants({ bias, activation }: Epilogue) {
  return { BIAS: Number(bias), ACTIVATION: activations.indexOf(activation) };
}
