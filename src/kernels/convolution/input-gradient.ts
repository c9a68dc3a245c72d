import type { DType } from '../dtype.ts';
import { input, type KernelContext, type Launches, temporary } from '../launch.ts';
import { type ImplicitMatMul, implicitMatMul } from '../matmul/implicit-matmul.ts';
import { packOperand } from '../matmul/packed-operand.ts';
import type { Preparation } from '../matmul/split-reduction.ts';
import { pickVariant } from '../matmul/variant.ts';
import inputGradientOperands from '../wgsl/convolution/functions/input-gradient-operands.wgsl';
import paramsSource from '../wgsl/convolution/functions/params.wgsl';
import {
  type Conv2dAttributes,
  convolutionParams,
  hasPadding,
  layoutOf,
  type Shape4,
  shape4,
} from './geometry.ts';
import { suitsWinograd, winograd } from './winograd.ts';

/** What the image [N, H, W, C] gets from the output's gradient [N, OH, OW, O], on a CPU. */
export function conv2dInputGradient(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, attributes, epilogue } = context;
  const [gradient, filter] = [shape4(inputs[0]), shape4(inputs[1])];
  if (suitsWinograd(context, true)) return winograd(context, true);
  const [batch, height, width, channels] = shape4(output);
  const taps = filter[0] * filter[1];
  const strided = attributes.strides.some((stride) => stride > 1);
  const extent = {
    batches: 1,
    rows: batch * height * width,
    columns: channels,
    depth: taps * filter[3],
  };
  const padded = strided || taps > 1 || hasPadding(attributes);
  const variant = pickVariant(context, 'conv2d_input_gradient', extent, layoutOf(attributes));
  const work: ImplicitMatMul = {
    name: 'conv2d_input_gradient',
    extent,
    operands: [input(0), temporary(0)],
    dtypes: { a: inputs[0]?.dtype },
    functions: [paramsSource, inputGradientOperands],
    constants: { STRIDED: Number(strided), IMAGES_INNERMOST: Number(padded) },
    params: convolutionParams(shape4(output), filter, gradient, attributes),
    epilogue,
    before: [packFilter(filter, inputs[1]?.dtype)],
    segments: taps,
    vectors: { a: false, b: true },
    padded,
    rowsTogether: padded ? batch : extent.rows,
  };
  return implicitMatMul(work, variant);
}

/** [KH, KW, C, O] as [tiles of C, KH, KW, O, 8]. */
function packFilter(
  [height, width, channels, filters]: Shape4,
  dtype: DType | undefined,
): Preparation {
  const taps = height * width;
  return packOperand(
    1,
    0,
    channels,
    { batches: 1, depth: taps * filters },
    {
      ...{ batch: 0, outer: filters, k: channels * filters },
      inner: { count: filters, stride: 1 },
      dtype,
    },
  );
}
