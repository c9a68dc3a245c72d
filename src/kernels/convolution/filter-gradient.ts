import type { DType } from '../dtype.ts';
import { input, type KernelContext, type Launches, product, temporary } from '../launch.ts';
import { type ImplicitMatMul, implicitMatMul } from '../matmul/implicit-matmul.ts';
import { matMulOnCpu } from '../matmul/on-cpu.ts';
import { mayPack, packOperand } from '../matmul/packed-operand.ts';
import type { Preparation } from '../matmul/split-reduction.ts';
import { type Extent, pickVariant } from '../matmul/variant.ts';
import filterGradientOperands from '../wgsl/convolution/functions/filter-gradient-operands.wgsl';
import packedOperands from '../wgsl/convolution/functions/filter-gradient-packed-operands.wgsl';
import filterRows from '../wgsl/convolution/functions/filter-gradient-rows.wgsl';
import paramsSource from '../wgsl/convolution/functions/params.wgsl';
import {
  type Conv2dAttributes,
  convolutionParams,
  hasPadding,
  isPointwise,
  layoutOf,
  type Shape4,
  shape4,
} from './geometry.ts';
import { readImage } from './padded-image.ts';
import { pointwise } from './pointwise.ts';
import { filterGradientOfVisitedPixels, isOfVisitedPixels } from './visited-pixels.ts';
import {
  filterGradientByWinograd,
  filterGradientSuitsWinograd,
} from './winograd-filter-gradient.ts';

/** What the filter [KH, KW, C, O] gets from the image and the output's gradient, on a CPU. */
export function conv2dFilterGradient(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, attributes, limits, epilogue } = context;
  const [image, gradient] = [shape4(inputs[0]), shape4(inputs[1])];
  const dtypes = { a: inputs[0]?.dtype, b: inputs[1]?.dtype };
  const filter = shape4(output);
  if (isPointwise(filter, attributes)) {
    return pointwise(matMulOnCpu, context, { transposeA: true });
  }
  if (filterGradientSuitsWinograd(context)) return filterGradientByWinograd(context);
  if (isOfVisitedPixels(context)) return filterGradientOfVisitedPixels(context);
  const [batch, outHeight, outWidth, filters] = gradient;
  const channels = filter[2];
  const extent: Extent = {
    batches: 1,
    rows: filter[0] * filter[1] * channels,
    columns: filters,
    depth: batch * outHeight * outWidth,
  };
  const variant = pickVariant(context, 'conv2d_filter_gradient', extent, layoutOf(attributes));
  const shared = {
    name: 'conv2d_filter_gradient',
    extent,
    epilogue,
  };
  const small = [image, gradient].every((operand) =>
    mayPack(operand[3], product(operand.slice(0, 3)), limits),
  );
  // A tile of packed rows stays within one filter tap.
  if (channels % variant.rows === 0 && small) {
    const strided = attributes.strides[1] > 1;
    const packed: ImplicitMatMul = {
      ...shared,
      operands: [temporary(0), temporary(1)],
      functions: [paramsSource, filterRows, packedOperands],
      constants: { STRIDED: Number(strided), IMAGES_INNERMOST: 0 },
      params: convolutionParams(image, filter, gradient, attributes),
      padded: hasPadding(attributes),
      before: [packImages(0, image, dtypes.a), packImages(1, gradient, dtypes.b)],
      segments: strided ? outHeight * outWidth : outHeight,
      vectors: { a: true, b: true },
      rowsTogether: channels,
    };
    return implicitMatMul(packed, variant);
  }
  const read = readImage(image, attributes, limits);
  const unpacked: ImplicitMatMul = {
    ...shared,
    operands: [read.operand, input(1)],
    dtypes,
    before: read.before,
    params: convolutionParams(read.image, filter, gradient, read.attributes),
    padded: hasPadding(read.attributes),
    functions: [paramsSource, filterRows, filterGradientOperands],
    constants: { IMAGES_INNERMOST: 0 },
    segments: batch * outHeight,
    vectors: { a: channels % 4 === 0, b: filters % 4 === 0 },
  };
  return implicitMatMul(unpacked, variant);
}

/** [N, H, W, C] as [tiles of C, H, W, N, 8]. */
function packImages(
  index: 0 | 1,
  [images, height, width, channels]: Shape4,
  dtype: DType | undefined,
): Preparation {
  const pixels = height * width;
  return packOperand(
    index,
    index,
    channels,
    { batches: 1, depth: images * pixels },
    {
      ...{ batch: 0, outer: 1, k: channels },
      inner: { count: images, stride: pixels * channels },
      dtype,
    },
  );
}
