import { ceilDivide, input, type KernelContext, type Launches, product } from '../launch.ts';
import { type BlockedMatMul, blockedMatMul, pickBlocked } from '../matmul/blocked.ts';
import type { BlockedVariant } from '../matmul/blocked-variant.ts';
import type { Extent } from '../matmul/variant.ts';
import alongTaps from '../wgsl/convolution/functions/along-taps.wgsl';
import common from '../wgsl/convolution/functions/blocks.wgsl';
import filterGradient from '../wgsl/convolution/functions/filter-gradient-blocks.wgsl';
import forward from '../wgsl/convolution/functions/forward-blocks.wgsl';
import inputGradient from '../wgsl/convolution/functions/input-gradient-blocks.wgsl';
import {
  type Conv2dAttributes,
  convolutionParams,
  hasPadding,
  type Shape4,
  shape4,
} from './geometry.ts';

type Context = KernelContext<Conv2dAttributes>;

/** The convolution of an image [N, H, W, C] with a filter [KH, KW, C, O], on a GPU. */
export function forwardInBlocks(context: Context, chosen?: BlockedVariant): Launches {
  const { inputs, output, attributes } = context;
  const [image, filter, result] = [shape4(inputs[0]), shape4(inputs[1]), shape4(output)];
  const [height, width, channels, filters] = filter;
  const work: Work = {
    name: 'conv2d_forward',
    extent: matrix(result, height * width * runOf(channels)),
    functions: [common, alongTaps, forward],
    constants: { RUNS_WHOLE: Number(isWhole(channels)) },
    params: blockParams(image, filter, result, attributes),
    vectors: { a: isWhole(channels), b: isWhole(filters) },
    alongK: { a: true, b: false },
    padded: hasPadding(attributes) || !isWhole(channels),
  };
  return launched(context, work, work.extent, chosen);
}

/** What the image [N, H, W, C] gets from the output's gradient [N, OH, OW, O], on a GPU. */
export function inputGradientInBlocks(context: Context, chosen?: BlockedVariant): Launches {
  const { inputs, output, attributes } = context;
  const [gradient, filter, image] = [shape4(inputs[0]), shape4(inputs[1]), shape4(output)];
  const [batch, height, width, channels] = image;
  const { strides, dilations } = attributes;
  const [phaseHeight, phaseWidth] = [ceilDivide(height, strides[0]), ceilDivide(width, strides[1])];
  const [, , , filters] = filter;
  const run = runOf(filters);
  const phases = product(strides);
  const taps = [0, 1].map((axis) =>
    ceilDivide(filter[axis]!, tapsApart(strides[axis]!, dilations[axis]!)),
  );
  const covered = {
    batches: phases,
    rows: batch * phaseHeight * phaseWidth,
    columns: channels,
    depth: product(taps) * run,
  };
  const work: Work = {
    name: 'conv2d_input_gradient',
    extent: matrix(image, 0),
    covered,
    functions: [common, alongTaps, inputGradient],
    constants: { STRIDED: Number(phases > 1) },
    params: blockParams(image, filter, gradient, attributes),
    vectors: { a: isWhole(filters), b: isWhole(filters) },
    alongK: { a: true, b: true },
    padded: true,
  };
  const perPhase = ceilDivide(filter[0] * filter[1] * run, phases);
  return launched(context, work, { ...covered, depth: perPhase }, chosen);
}

/** What the filter [KH, KW, C, O] gets from the image and the output's gradient, on a GPU. */
export function filterGradientInBlocks(context: Context, chosen?: BlockedVariant): Launches {
  const { inputs, output, attributes } = context;
  const [image, gradient, filter] = [shape4(inputs[0]), shape4(inputs[1]), shape4(output)];
  const [height, width, channels, filters] = filter;
  const depth = product(gradient.slice(0, 3));
  const covered = { batches: 1, rows: height * width * runOf(channels), columns: filters, depth };
  const work: Work = {
    name: 'conv2d_filter_gradient',
    extent: matrix(filter, depth),
    covered,
    functions: [common, filterGradient],
    constants: { RUNS_WHOLE: Number(isWhole(channels)) },
    params: blockParams(image, filter, gradient, attributes),
    vectors: { a: isWhole(channels), b: isWhole(filters) },
    alongK: { a: false, b: false },
    padded: hasPadding(attributes),
  };
  return launched(context, work, covered, chosen);
}

type Work = Omit<BlockedMatMul, 'operands' | 'dtypes' | 'epilogue'>;

function launched(
  context: Context,
  work: Work,
  judged: Extent,
  chosen = pickBlocked(context, work, judged),
): Launches {
  const { inputs, epilogue, alongside } = context;
  const columnSums = alongside?.[0] ?? false;
  const dtypes = { a: inputs[0]?.dtype, b: inputs[1]?.dtype };
  return blockedMatMul(
    { ...work, operands: [input(0), input(1)], dtypes, epilogue, columnSums },
    chosen,
  );
}

/** A tensor as a matrix of its last axis, and what is summed up for each of its elements. */
function matrix(shape: Shape4, depth: number): Extent {
  return { batches: 1, rows: product(shape.slice(0, 3)), columns: shape[3], depth };
}

/** Channels as reductions count them below a tap: a whole number of vec4s. */
function runOf(channels: number): number {
  return 4 * ceilDivide(channels, 4);
}

function isWhole(channels: number): boolean {
  return channels % 4 === 0;
}

/** Taps from one that meets a pixel to the next that does. */
function tapsApart(stride: number, dilation: number): number {
  let apart = 1;
  while ((apart * dilation) % stride !== 0) apart++;
  return apart;
}

function blockParams(image: Shape4, filter: Shape4, output: Shape4, attributes: Conv2dAttributes) {
  const { images: _, ...params } = convolutionParams(image, filter, output, attributes);
  return { ...params, filterHeight: filter[0] };
}
