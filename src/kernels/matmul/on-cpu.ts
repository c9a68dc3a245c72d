import { input, type KernelContext, type Launches, temporary } from '../launch.ts';
import { picked } from '../pick.ts';
import matmulOperands from '../wgsl/matmul/functions/operands.wgsl';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import { packedStrides, packings, packOperand } from './packed-operand.ts';
import { addressing, type MatMulAttributes, problemOf } from './problem.ts';
import { chooseVariant, pickVariant, problemName } from './variant.ts';

/** The matrix product on a CPU, in tiles that stay in registers, of operands that are packed where it pays. */
export function matMulOnCpu(context: KernelContext<MatMulAttributes>): Launches {
  const { limits, epilogue } = context;
  const { extent, a, b, dtypes, transposeA, transposeB } = problemOf(context);
  const { rows, columns, depth } = extent;
  const layout = [transposeA, transposeB];
  const variant = pickVariant(context, 'matmul', extent, layout);
  const packed = picked(
    context,
    problemName('matmul packing', extent, layout),
    packings(extent, chooseVariant(extent, limits), b, limits),
  );
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
    params: { ...addressing(left, right), resultBatch: rows * columns, resultRow: 1 },
    epilogue,
    before,
    // One segment: its length is what a split takes.
    segments: depth,
    vectors: {
      a: packed.a || (transposeA && rows % 4 === 0),
      b: packed.b || (!transposeB && columns % 4 === 0),
    },
    padded: false,
    rowsTogether: rows,
  };
  return implicitMatMul(work, variant);
}
