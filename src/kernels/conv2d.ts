import {
  type Conv2dAttributes,
  convolutionWords,
  hasPadding,
  shape4,
} from './convolution-geometry.ts';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import { input, type KernelContext, type Launches } from './launch.ts';
import { chooseVariant } from './matmul-variant.ts';
import forwardOperands from './wgsl/conv2d_forward_operands.wgsl';
import convolutionParams from './wgsl/conv2d_params.wgsl';

/** The convolution of an image [N, H, W, C] with a filter [KH, KW, C, O]. */
export function conv2d(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, epilogue, attributes, limits } = context;
  const [image, filter] = [shape4(inputs[0]), shape4(inputs[1])];
  const [batch, outHeight, outWidth, filters] = shape4(output);
  const taps = filter[0] * filter[1];
  const work: ImplicitMatMul = {
    name: 'conv2d_forward',
    extent: {
      batches: 1,
      rows: batch * outHeight * outWidth,
      columns: filters,
      depth: taps * filter[2],
    },
    operands: [input(0), input(1)],
    functions: [convolutionParams, forwardOperands],
    constants: {},
    words: convolutionWords(image, filter, shape4(output), attributes),
    epilogue,
    segments: taps,
    vectors: { a: false, b: filters % 4 === 0 },
    alongK: { a: true, b: false },
    padded: hasPadding(attributes),
    rowsTogether: batch,
  };
  return implicitMatMul(work, chooseVariant(work.extent, limits));
}
