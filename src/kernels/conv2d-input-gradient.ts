import type { KernelContext } from '../graph/operation.ts';
import { type Conv2dAttributes, convolutionWords, shape4 } from './convolution-geometry.ts';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import { input, type Launches, NO_EPILOGUE } from './launch.ts';
import { chooseVariant } from './matmul-variant.ts';
import inputGradientOperands from './wgsl/conv2d_input_gradient_operands.wgsl';
import convolutionParams from './wgsl/conv2d_params.wgsl';

/** What the image [N, H, W, C] gets from the output's gradient [N, OH, OW, O]. */
export function conv2dInputGradient(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, attributes, limits } = context;
  const [gradient, filter] = [shape4(inputs[0]), shape4(inputs[1])];
  const [batch, height, width, channels] = shape4(output);
  const taps = filter[0] * filter[1];
  const work: ImplicitMatMul = {
    name: 'conv2d_input_gradient',
    extent: {
      batches: 1,
      rows: batch * height * width,
      columns: channels,
      depth: taps * filter[3],
    },
    operands: [input(0), input(1)],
    functions: [convolutionParams, inputGradientOperands],
    constants: { STRIDED: Number(attributes.strides.some((stride) => stride > 1)) },
    words: convolutionWords(shape4(output), filter, gradient, attributes),
    epilogue: NO_EPILOGUE,
    segments: taps,
    vectors: { a: false, b: false },
    alongK: { a: true, b: true },
    padded: true,
  };
  return implicitMatMul(work, chooseVariant(work.extent, limits));
}
