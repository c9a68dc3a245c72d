import { byteSize } from '../dtype.ts';
import { storesOf } from '../element-access.ts';
import { elements } from '../elements.ts';
import { NO_EPILOGUE } from '../epilogue.ts';
import {
  ceilDivide,
  type KernelContext,
  type Launches,
  launch,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { type ImplicitMatMul, implicitMatMul } from '../matmul/implicit-matmul.ts';
import { packedProduct } from '../matmul/packed-product.ts';
import { program } from '../program.ts';
import filterGradient from '../wgsl/convolution/winograd/filter-gradient.wgsl';
import each from '../wgsl/each.wgsl';
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

/** Products of more tiles are summed in parts: in a core's own cache, and rounded less. */
const MOST_TILES = 512;

/** Whether the gradient of a filter is faster by way of points. */
export function filterGradientSuitsWinograd(context: KernelContext<Conv2dAttributes>): boolean {
  const { output, attributes, limits } = context;
  if (!isThreeByThree(shape4(output), attributes)) return false;
  const problem = problemOf(context);
  return savesTime(problem, limits, Math.min(tilesOf(problem.result).tiles, MOST_TILES));
}

function problemOf({ inputs, attributes }: KernelContext<Conv2dAttributes>): Problem {
  const [top, , left] = attributes.padding;
  return { source: shape4(inputs[0]), result: shape4(inputs[1]), padding: [top, left] };
}

/**
 * The gradient of a 3×3 filter from the image and the output's gradient, which is what turns winograd.ts round:
 * with Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A of a tile, that of g is the sum over tiles of Gᵀ [(A Y Aᵀ) ⊙ (Bᵀ d B)] G.
 */
export function filterGradientByWinograd(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, epilogue } = context;
  const { source, result, padding } = problemOf(context);
  const [rows, columns] = [source[3], result[3]];
  const depth = tilesOf(result).tiles;
  const splits = ceilDivide(depth, MOST_TILES);
  const products = temporary(splits > 1 ? 3 : 2);
  const work: ImplicitMatMul = {
    name: 'conv2d_winograd_filter_gradient',
    ...packedProduct(
      { batches: POINTS, rows, columns, depth },
      { batch: pointStride(depth, rows), outer: 0, k: 8 },
      { batch: pointStride(depth, columns), outer: 0, k: 8 },
    ),
    epilogue: NO_EPILOGUE,
    result: products,
    before: [
      pointsOf(result, {
        ...{ of: 'image', index: 0, shape: source, padding, packed: true },
        dtype: inputs[0]?.dtype,
      }),
      pointsOf(result, {
        ...{ of: 'gradient', index: 1, shape: result, padding: [0, 0], packed: true },
        dtype: inputs[1]?.dtype,
      }),
    ],
  };
  const { launches, temporaries = [] } = implicitMatMul(work, { rows: 4, columns: 8, splits });
  const count = (rows * columns) / 4;
  const gathering = launch({
    program: program('conv2d_winograd_filter_gathered', each, { WORKGROUP }, [
      elements('f32', 4),
      ...storesOf(2, 4, epilogue),
      filterGradient,
    ]),
    bindings: { products, result: OUTPUT },
    params: { count },
    workgroups: ceilDivide(count, WORKGROUP),
    epilogue,
  });
  return {
    launches: [...launches, gathering],
    temporaries: [...temporaries, byteSize(POINTS * rows * columns, 'f32')],
    storesHalves: true,
  };
}
