import type { DeviceLimits } from '../../device/device.ts';
import { input, type KernelContext, type Launches, product, temporary } from '../launch.ts';
import placesInBlocks from '../wgsl/matmul/functions/blocks.wgsl';
import matmulOperands from '../wgsl/matmul/functions/operands.wgsl';
import { type BlockedMatMul, blockedMatMul, pickBlocked } from './blocked.ts';
import type { BlockedVariant } from './blocked-variant.ts';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import { packedStrides, packOperand, shouldPack } from './packed-operand.ts';
import { isSmall, type Strides, smallMatMul } from './small.ts';
import { chooseVariant, type Extent } from './variant.ts';

export type MatMulAttributes = Readonly<{ transposeA: boolean; transposeB: boolean }>;

/** The batched matrix product, either operand transposed by how it is read. */
export function matMul(context: KernelContext<MatMulAttributes>): Launches {
  const { limits, epilogue } = context;
  const { extent, a, b, dtypes } = problemOf(context);
  if (isSmall(extent, limits)) return smallMatMul(extent, a, b, dtypes, epilogue);
  return limits.cpu ? matMulInRegisters(context) : matMulInBlocks(context);
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

/** The product on a GPU, in tiles that go through workgroup memory. */
export function matMulInBlocks(
  context: KernelContext<MatMulAttributes>,
  variant?: BlockedVariant,
): Launches {
  const { extent, a, b, dtypes, transposeA, transposeB } = problemOf(context);
  const aligned = (size: number) => size % 4 === 0;
  const work: BlockedMatMul = {
    name: 'matmul',
    extent,
    operands: [input(0), input(1)],
    dtypes,
    functions: [placesInBlocks],
    params: addressing(a, b),
    epilogue: context.epilogue,
    columnSums: context.alongside?.[0] ?? false,
    vectors: {
      a: aligned(transposeA ? extent.rows : extent.depth),
      b: aligned(transposeB ? extent.depth : extent.columns),
    },
    alongK: { a: !transposeA, b: transposeB },
    padded: false,
  };
  return blockedMatMul(work, variant ?? pickBlocked(context, work, extent));
}

function matMulInRegisters(context: KernelContext<MatMulAttributes>): Launches {
  const { limits, epilogue } = context;
  const { extent, a, b, dtypes, transposeA, transposeB } = problemOf(context);
  const { rows, columns, depth } = extent;
  const variant = chooseVariant(extent, limits);
  const packed = shouldPack(extent, variant, b, limits);
  const left = packed.a ? packedStrides(rows, extent, a) : a;
  const right = packed.b ? packedStrides(columns, extent, b) : b;
  const before = [
    ...(packed.a ? [packOperand(0, 0, rows, extent, { ...a, dtype: dtypes.a })] : []),
    ...(packed.b
      ? [packOperand(1, packed.a ? 1 : 0, columns, extent, { ...b, dtype: dtypes.b })]
      : []),
  ];
  const work: ImplicitMatMul = {
    name: 'matmul',
    extent,
    operands: [
      packed.a ? temporary(0) : input(0),
      packed.b ? temporary(packed.a ? 1 : 0) : input(1),
    ],
    dtypes: { a: packed.a ? 'f32' : dtypes.a, b: packed.b ? 'f32' : dtypes.b },
    functions: [matmulOperands],
    constants: { PACKED_A: Number(packed.a), PACKED_B: Number(packed.b) },
    params: addressing(left, right),
    epilogue,
    before,
    // One segment: its length is what a split takes.
    segments: depth,
    vectors: {
      a: packed.a || (transposeA && rows % 4 === 0),
      b: packed.b || (!transposeB && columns % 4 === 0),
    },
    padded: false,
  };
  return implicitMatMul(work, variant);
}

/** Elements from one batch, one row or column and one k of either operand to the next, by name. */
function addressing(a: Strides, b: Strides) {
  return {
    aBatch: a.batch,
    aRow: a.outer,
    aK: a.k,
    bBatch: b.batch,
    bK: b.k,
    bColumn: b.outer,
  };
}

function problemOf({ attributes, inputs, output }: KernelContext<MatMulAttributes>) {
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
