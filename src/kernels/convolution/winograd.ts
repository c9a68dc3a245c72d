import { byteSize, type DType } from '../dtype.ts';
import { storesOf } from '../element-access.ts';
import { elements } from '../elements.ts';
import { NO_EPILOGUE } from '../epilogue.ts';
import {
  ceilDivide,
  input,
  type KernelContext,
  type Launches,
  launch,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { type ImplicitMatMul, implicitMatMul } from '../matmul/implicit-matmul.ts';
import { readsOfA } from '../matmul/operand-reads.ts';
import { addressing } from '../matmul/problem.ts';
import type { Preparation } from '../matmul/split-reduction.ts';
import { program } from '../program.ts';
import filterPoints from '../wgsl/convolution/winograd/filter.wgsl';
import resultPixels from '../wgsl/convolution/winograd/result.wgsl';
import tiles from '../wgsl/convolution/winograd/tiles.wgsl';
import each from '../wgsl/each.wgsl';
import matmulOperands from '../wgsl/matmul/functions/operands.wgsl';
import { type Conv2dAttributes, shape4 } from './geometry.ts';
import {
  isThreeByThree,
  POINTS,
  type Problem,
  pointStride,
  pointsOf,
  savesTime,
  tilesOf,
  WORKGROUP,
} from './winograd-points.ts';

/** Of an image forward, of the output's gradient back. */
interface Convolution extends Problem {
  /** Whether the filter is turned, and its channels are those of the result. */
  readonly turned: boolean;
}

/** Whether a convolution, or where `turned` the gradient of its image, is faster by way of points. */
export function suitsWinograd(context: KernelContext<Conv2dAttributes>, turned: boolean): boolean {
  const { inputs, attributes, limits } = context;
  if (!isThreeByThree(shape4(inputs[1]), attributes)) return false;
  const problem = problemOf(context, turned);
  return Math.min(...problem.padding) >= 0 && savesTime(problem, limits, problem.source[3]);
}

function problemOf(
  { inputs, output, attributes }: KernelContext<Conv2dAttributes>,
  turned: boolean,
): Convolution {
  const [top, , left] = attributes.padding;
  return {
    source: shape4(inputs[0]),
    result: shape4(output),
    padding: turned ? [2 - top, 2 - left] : [top, left],
    turned,
  };
}

/** A convolution of an image, or where `turned` of the output's gradient, with a 3×3 filter. */
export function winograd(context: KernelContext<Conv2dAttributes>, turned: boolean): Launches {
  const { inputs, epilogue } = context;
  const problem = problemOf(context, turned);
  const { source, result } = problem;
  const [, height, width, columns] = result;
  const depth = source[3];
  const { tiles: rows, tilesDown, tilesAcross } = tilesOf(result);
  const extent = { batches: POINTS, rows, columns, depth };
  const products = temporary(2);
  const work: ImplicitMatMul = {
    name: 'conv2d_winograd',
    extent,
    operands: [temporary(0), temporary(1)],
    functions: [matmulOperands],
    constants: { PACKED_A: 0, PACKED_B: 1 },
    params: {
      ...addressing(
        { batch: depth, outer: POINTS * depth, k: 1 },
        { batch: pointStride(depth, columns), outer: 0, k: 8 },
      ),
      resultBatch: columns,
      resultRow: POINTS,
    },
    epilogue: NO_EPILOGUE,
    result: products,
    before: [
      pointsOf(result, {
        ...{ of: 'image', index: 0, shape: source, packed: false },
        ...{ padding: problem.padding, dtype: inputs[0]?.dtype },
      }),
      pointsOfFilter(problem, inputs[1]?.dtype),
    ],
    segments: depth,
    vectors: { a: false, b: true },
    padded: false,
    rowsTogether: rows,
  };
  const { launches, temporaries = [] } = implicitMatMul(work, { rows: 4, columns: 8, splits: 1 });
  const vectors = columns / 4;
  const count = rows * vectors;
  const stores = [elements('f32', 4), ...storesOf(2, 4, epilogue)];
  const gathering = launch({
    program: program('conv2d_winograd_result', each, { WORKGROUP }, [
      ...stores,
      tiles,
      resultPixels,
    ]),
    bindings: { products, result: OUTPUT },
    params: { count, vectors, tilesDown, tilesAcross, height, width },
    workgroups: ceilDivide(count, WORKGROUP),
    epilogue,
  });
  return {
    launches: [...launches, gathering],
    temporaries: [...temporaries, byteSize(POINTS * rows * columns, 'f32')],
    storesHalves: true,
  };
}

function pointsOfFilter(
  { source, result, turned }: Convolution,
  dtype: DType | undefined,
): Preparation {
  const [depth, columns] = [source[3], result[3]];
  const count = (depth * columns) / 4;
  const constants = { WORKGROUP, TURNED: Number(turned) };
  return {
    launch: launch({
      program: program('conv2d_winograd_filter', each, constants, [readsOfA(dtype), filterPoints]),
      bindings: { a: input(1), packed: temporary(1) },
      params: { count, depth, columns, pointVectors: pointStride(depth, columns) / 4 },
      workgroups: ceilDivide(count, WORKGROUP),
    }),
    bytes: byteSize(POINTS * pointStride(depth, columns), 'f32'),
  };
}
