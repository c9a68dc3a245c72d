import {
  type Conv2dAttributes,
  convolutionWords,
  hasPadding,
  shape4,
} from './convolution-geometry.ts';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import { input, type KernelContext, type Launches, NO_EPILOGUE } from './launch.ts';
import { chooseVariant } from './matmul-variant.ts';
import filterGradientOperands from './wgsl/conv2d_filter_gradient_operands.wgsl';
import convolutionParams from './wgsl/conv2d_params.wgsl';

/** What the filter [KH, KW, C, O] gets from the image and the output's gradient. */
export function conv2dFilterGradient(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, attributes, limits } = context;
  const [image, gradient] = [shape4(inputs[0]), shape4(inputs[1])];
  const filter = shape4(output);
  const [batch, outHeight, outWidth, filters] = gradient;
  const work: ImplicitMatMul = {
    name: 'conv2d_filter_gradient',
    extent: {
      batches: 1,
      rows: filter[0] * filter[1] * filter[2],
      columns: filters,
      depth: batch * outHeight * outWidth,
    },
    operands: [input(0), input(1)],
    functions: [convolutionParams, filterGradientOperands],
    constants: {},
    words: convolutionWords(image, filter, gradient, attributes),
    epilogue: NO_EPILOGUE,
    segments: batch * outHeight,
    vectors: { a: filter[2] % 4 === 0, b: filters % 4 === 0 },
    alongK: { a: false, b: false },
    padded: hasPadding(attributes),
  };
  return implicitMatMul(work, chooseVariant(work.extent, limits));
}
