import type { DeviceLimits } from '../../device/device.ts';
import type { Epilogue } from '../epilogue.ts';
import {
  ceilDivide,
  input,
  type KernelContext,
  type Launches,
  launch,
  OUTPUT,
  product,
} from '../launch.ts';
import { canStoreHalves, tileStores } from '../matmul/result-store.ts';
import { inSplits, splitStride } from '../matmul/split-reduction.ts';
import { program } from '../program.ts';
import filterGradient from '../wgsl/convolution/filter-gradient-lines.wgsl';
import fourScalar from '../wgsl/convolution/functions/four-columns-scalar.wgsl';
import fourVec4 from '../wgsl/convolution/functions/four-columns-vec4.wgsl';
import fewChannels from '../wgsl/convolution/functions/pixel-of-few-channels.wgsl';
import ownScalar from '../wgsl/convolution/functions/pixel-of-own-channels-scalar.wgsl';
import ownVec4 from '../wgsl/convolution/functions/pixel-of-own-channels-vec4.wgsl';
import forward from '../wgsl/convolution/lines.wgsl';
import { type Conv2dAttributes, type Shape4, shape4 } from './geometry.ts';

type Context = KernelContext<Conv2dAttributes>;

const WORKGROUP = 64;
/** Neighbours of a line that an invocation takes at a time: they share pixels of the image. */
const PIXELS = 4;
/** Sums that stay in registers, each a vec4. */
const MOST_SUMS = 32;

/** Whether a GPU should not see a filter as a matrix: with 4 channels, taps are whole vec4s. */
export function hasFewChannels([, width, channels]: Shape4): boolean {
  return channels < 4 && staysInRegisters(width * channels);
}

/** Whether so many sums, those of a row of taps, can be those of one invocation. */
export function staysInRegisters(sums: number): boolean {
  return sums <= MOST_SUMS;
}

/**
 * The convolution of an image [N, H, W, C] with a filter [KH, KW, C, O] of a few channels, or
 * [KH, KW, 1, O] depthwise.
 */
export function alongLines({ inputs, output, attributes, epilogue }: Context): Launches {
  const [image, filter, result] = [shape4(inputs[0]), shape4(inputs[1]), shape4(output)];
  return convolution({ image, filter, result, attributes, epilogue, flipped: false });
}

/**
 * The gradient of a depthwise convolution's image, for stride 1 and as many filters as channels: the
 * convolution of the output's gradient with the filter turned around.
 */
export function inputGradientAlongLines(context: Context): Launches {
  const { inputs, output, attributes, epilogue } = context;
  const [gradient, filter, image] = [shape4(inputs[0]), shape4(inputs[1]), shape4(output)];
  const { dilations, padding } = attributes;
  const top = (filter[0] - 1) * dilations[0] - padding[0];
  const left = (filter[1] - 1) * dilations[1] - padding[2];
  return convolution({
    image: gradient,
    filter,
    result: image,
    attributes: { ...attributes, padding: [top, 0, left, 0] },
    epilogue,
    flipped: true,
  });
}

interface Work extends Pick<Context, 'attributes' | 'epilogue'> {
  readonly image: Shape4;
  readonly filter: Shape4;
  readonly result: Shape4;
  readonly flipped: boolean;
}

function convolution({ image, filter, result, attributes, epilogue, flipped }: Work): Launches {
  const [images, outHeight, outWidth, filters] = result;
  const { columnLanes, filterTiles } = lanesOf(filters);
  const runsInLine = ceilDivide(outWidth, PIXELS);
  const runs = images * outHeight * runsInLine;
  const constants = {
    ...constantsOf(image, filter, attributes),
    ACROSS: columnLanes,
    FLIPPED: Number(flipped),
  };
  const pass = launch({
    program: program('conv2d_lines', forward, constants, functionsOf(image, filter, epilogue)),
    bindings: { image: input(0), matrix: input(1), result: OUTPUT },
    params: { ...paramsOf(image, result, attributes), runs, runsInLine, filterTiles },
    workgroups: ceilDivide(runs * columnLanes, WORKGROUP) * filterTiles,
    epilogue,
  });
  return { launches: [pass], storesHalves: canStoreHalves(filters) };
}

/** The gradient of such a filter, from the image and the output's gradient [N, OH, OW, O]. */
export function filterGradientAlongLines(context: Context, chosenSplits?: number): Launches {
  const { inputs, output, attributes, limits, epilogue } = context;
  const [image, gradient, filter] = [shape4(inputs[0]), shape4(inputs[1]), shape4(output)];
  const [height, width, channels, filters] = filter;
  const { columnLanes, filterTiles } = lanesOf(filters);
  const tapRows = Math.max(1, Math.min(height, Math.floor(MOST_SUMS / (width * channels))));
  const tapGroups = ceilDivide(height, tapRows);
  const lines = gradient[0] * gradient[1];
  const extent = {
    batches: 1,
    rows: height * width * channels,
    columns: filters,
    depth: product(gradient.slice(0, 3)),
  };
  const most = ceilDivide(lines, WORKGROUP / columnLanes);
  const splits = chosenSplits ?? splitsFor(limits, filterTiles * tapGroups, most);
  const constants = {
    ...constantsOf(image, filter, attributes),
    ACROSS: columnLanes,
    TAP_ROWS: tapRows,
  };
  return inSplits(
    { extent, epilogue, splitLanes: 8 },
    lines,
    splits,
    ({ splits, perSplit, to, epilogue }) =>
      launch({
        program: program(
          'conv2d_filter_lines',
          filterGradient,
          constants,
          functionsOf(image, filter, epilogue),
        ),
        bindings: { image: input(0), matrix: input(1), result: to },
        params: {
          ...paramsOf(image, gradient, attributes),
          filterTiles,
          tapGroups,
          lines,
          linesPerSplit: perSplit,
          splitStride: splitStride(extent),
        },
        workgroups: splits * tapGroups * filterTiles,
        epilogue,
      }),
  );
}

/** As many as fill the device, as long as each invocation of a workgroup has a line. */
function splitsFor({ lanes }: Pick<DeviceLimits, 'lanes'>, tiles: number, most: number): number {
  return Math.max(1, Math.min(most, ceilDivide(lanes, WORKGROUP * tiles)));
}

/** How many invocations of a workgroup lie side by side, and how many workgroups for all filters. */
function lanesOf(filters: number) {
  const fours = ceilDivide(filters, 4);
  const columnLanes = Math.min(16, 2 ** Math.ceil(Math.log2(fours)));
  return { columnLanes, filterTiles: ceilDivide(fours, columnLanes) };
}

/** How four filters, what they see of a pixel and what is stored of them are found. */
function functionsOf([, , , channels]: Shape4, filter: Shape4, epilogue: Epilogue): string[] {
  const whole = filter[3] % 4 === 0;
  const own = whole && filter[3] === channels ? ownVec4 : ownScalar;
  const pixel = filter[2] === channels ? fewChannels : own;
  return [whole ? fourVec4 : fourScalar, pixel, ...tileStores(filter[3], epilogue)];
}

function constantsOf(
  [, , , channels]: Shape4,
  [height, width, perGroup, filters]: Shape4,
  { strides, dilations }: Conv2dAttributes,
) {
  return {
    WORKGROUP,
    PIXELS,
    WINDOW_Y: height,
    WINDOW_X: width,
    CHANNELS: perGroup,
    MULTIPLIER: (filters * perGroup) / channels,
    STRIDE_Y: strides[0],
    STRIDE_X: strides[1],
    DILATION_Y: dilations[0],
    DILATION_X: dilations[1],
  };
}

function paramsOf(image: Shape4, output: Shape4, { padding }: Conv2dAttributes) {
  return {
    height: image[1],
    width: image[2],
    outHeight: output[1],
    outWidth: output[2],
    columns: output[3],
    top: padding[0],
    left: padding[2],
  };
}
