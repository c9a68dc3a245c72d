import {
  type Conv2dAttributes,
  convolutionWords,
  hasPadding,
  shape4,
} from './convolution-geometry.ts';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import { input, type KernelContext, type Launches, temporary } from './launch.ts';
import { packOperand } from './matmul-pack.ts';
import { chooseVariant, type Extent } from './matmul-variant.ts';
import forwardOperands from './wgsl/conv2d_forward_operands.wgsl';
import convolutionParams from './wgsl/conv2d_params.wgsl';

/** The convolution of an image [N, H, W, C] with a filter [KH, KW, C, O]. */
export function conv2d(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, epilogue, attributes, limits } = context;
  const [image, filter] = [shape4(inputs[0]), shape4(inputs[1])];
  const [batch, outHeight, outWidth, filters] = shape4(output);
  const padded = hasPadding(attributes);
  const tapsTogether = !padded && attributes.dilations[1] === 1;
  const extent: Extent = {
    batches: 1,
    rows: batch * outHeight * outWidth,
    columns: filters,
    depth: filter[0] * filter[1] * filter[2],
  };
  const variant = chooseVariant(extent, limits);
  const packed = variant.kind === 'registers';
  const work: ImplicitMatMul = {
    name: 'conv2d_forward',
    extent,
    operands: [input(0), packed ? temporary(0) : input(1)],
    before: packed ? [packOperand(1, 0, filters, extent, { batch: 0, outer: 1, k: filters })] : [],
    functions: [convolutionParams, forwardOperands],
    constants: { TAPS_TOGETHER: Number(tapsTogether) },
    words: convolutionWords(image, filter, shape4(output), attributes),
    epilogue,
    segments: tapsTogether ? filter[0] : filter[0] * filter[1],
    vectors: { a: false, b: packed || filters % 4 === 0 },
    alongK: { a: true, b: false },
    padded,
    rowsTogether: batch,
  };
  return implicitMatMul(work, variant);
}
