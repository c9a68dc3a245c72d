import {
  type Conv2dAttributes,
  convolutionWords,
  hasPadding,
  type Shape4,
  shape4,
} from './convolution-geometry.ts';
import { byteSize } from './dtype.ts';
import { type ImplicitMatMul, implicitMatMul } from './implicit-matmul.ts';
import type { KernelContext } from './launch.ts';
import {
  ceilDivide,
  input,
  type Launch,
  type Launches,
  NO_EPILOGUE,
  product,
  program,
  temporary,
} from './launch.ts';
import { chooseVariant } from './matmul-variant.ts';
import type { Preparation } from './split-reduction.ts';
import filterTranspose from './wgsl/conv2d_filter_transpose.wgsl';
import inputGradientOperands from './wgsl/conv2d_input_gradient_operands.wgsl';
import convolutionParams from './wgsl/conv2d_params.wgsl';

/** What the image [N, H, W, C] gets from the output's gradient [N, OH, OW, O]. */
export function conv2dInputGradient(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, output, attributes, limits } = context;
  const [gradient, filter] = [shape4(inputs[0]), shape4(inputs[1])];
  const [batch, height, width, channels] = shape4(output);
  const taps = filter[0] * filter[1];
  const strided = attributes.strides.some((stride) => stride > 1);
  const extent = {
    batches: 1,
    rows: batch * height * width,
    columns: channels,
    depth: taps * filter[3],
  };
  const variant = chooseVariant(extent, limits);
  // Register tiles load four channels at once where these are neighbours.
  const transposed = variant.kind === 'registers' && channels % 4 === 0;
  const work: ImplicitMatMul = {
    name: 'conv2d_input_gradient',
    extent,
    operands: [input(0), transposed ? temporary(0) : input(1)],
    functions: [convolutionParams, inputGradientOperands],
    constants: {
      STRIDED: Number(strided),
      TRANSPOSED: Number(transposed),
    },
    words: convolutionWords(shape4(output), filter, gradient, attributes),
    epilogue: NO_EPILOGUE,
    before: transposed ? [transposeFilter(filter)] : [],
    segments: taps,
    vectors: { a: false, b: transposed },
    alongK: { a: true, b: true },
    padded: strided || taps > 1 || hasPadding(attributes),
    rowsTogether: batch,
  };
  return implicitMatMul(work, variant);
}

const LANES = 64;

/** [KH, KW, C, O] to [KH, KW, O, C], for a number of channels that is a multiple of four. */
function transposeFilter(filter: Shape4): Preparation {
  const vectors = product(filter) / 4;
  const launch: Launch = {
    program: program('conv2d_filter_transpose', filterTranspose, { LANES }),
    bindings: [input(1), temporary(0)],
    params: [vectors, filter[2], filter[3]],
    workgroups: ceilDivide(vectors, LANES),
  };
  return { launch, bytes: byteSize(product(filter), 'f32') };
}
