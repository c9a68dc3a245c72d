import { type KernelContext, type Launches, temporary } from '../launch.ts';
import { type ImplicitMatMul, implicitMatMul } from '../matmul/implicit-matmul.ts';
import { packOperand } from '../matmul/packed-operand.ts';
import { type Extent, pickVariant } from '../matmul/variant.ts';
import forwardOperands from '../wgsl/convolution/functions/forward-operands.wgsl';
import paramsSource from '../wgsl/convolution/functions/params.wgsl';
import {
  type Conv2dAttributes,
  convolutionParams,
  hasPadding,
  isPointwise,
  layoutOf,
  shape4,
} from './geometry.ts';
import { readImage } from './padded-image.ts';
import { suitsWinograd, winograd } from './winograd.ts';

/** Segments up to this length are worth a program of their own, where loops over them unroll. */
const SHORT = 24;

/** The convolution of an image [N, H, W, C] with a filter [KH, KW, C, O], on a CPU. */
export function conv2d(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, epilogue, limits } = context;
  const filter = shape4(inputs[1]);
  if (suitsWinograd(context, false)) return winograd(context, false);
  const [batch, outHeight, outWidth, filters] = shape4(output);
  const extent: Extent = {
    batches: 1,
    rows: batch * outHeight * outWidth,
    columns: filters,
    depth: filter[0] * filter[1] * filter[2],
  };
  const variant = pickVariant(context, 'conv2d_forward', extent, layoutOf(context.attributes));
  const read = readImage(shape4(inputs[0]), context.attributes, limits);
  const { image, attributes } = read;
  const padded = hasPadding(attributes);
  const asMatrix = isPointwise(filter, attributes);
  const innermost = padded || (!asMatrix && batch % variant.rows === 0);
  const tapsTogether = !padded && attributes.dilations[1] === 1;
  const length = filter[2] * (tapsTogether ? filter[1] : 1);
  const to = read.before.length as 0 | 1;
  const [imageDType, dtype] = inputs.map((operand) => operand.dtype);
  const packFilter = packOperand(1, to, filters, extent, {
    ...{ batch: 0, outer: 1, k: filters },
    dtype,
  });
  const work: ImplicitMatMul = {
    name: 'conv2d_forward',
    extent,
    operands: [read.operand, temporary(to)],
    dtypes: { a: imageDType },
    before: [...read.before, packFilter],
    functions: [paramsSource, forwardOperands],
    constants: {
      TAPS_TOGETHER: Number(tapsTogether),
      IMAGES_INNERMOST: Number(innermost),
      SHORT: length <= SHORT ? length : 0,
    },
    params: convolutionParams(image, filter, shape4(output), attributes),
    epilogue,
    segments: tapsTogether ? filter[0] : filter[0] * filter[1],
    vectors: { a: false, b: true },
    padded,
    rowsTogether: innermost ? batch : asMatrix ? extent.rows : undefined,
  };
  return implicitMatMul(work, variant);
}
