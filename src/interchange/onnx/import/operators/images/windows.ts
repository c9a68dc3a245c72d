import { conv1d } from '../../../../../tensor/ops/convolution/conv1d.ts';
import { conv1dTranspose } from '../../../../../tensor/ops/convolution/conv1d-transpose.ts';
import { conv2d } from '../../../../../tensor/ops/convolution/conv2d.ts';
import { conv2dTranspose } from '../../../../../tensor/ops/convolution/conv2d-transpose.ts';
import { conv3d } from '../../../../../tensor/ops/convolution/conv3d.ts';
import { conv3dTranspose } from '../../../../../tensor/ops/convolution/conv3d-transpose.ts';
import { positions } from '../../../../../tensor/ops/creation.ts';
import { scatterAdd } from '../../../../../tensor/ops/indexing/gather.ts';
import {
  type MaxPoolWithArgmax,
  maxPoolWithArgmax,
} from '../../../../../tensor/ops/pooling/max-pool-with-argmax.ts';
import { avgPool1d, maxPool1d } from '../../../../../tensor/ops/pooling/pool1d.ts';
import { avgPool2d, maxPool2d } from '../../../../../tensor/ops/pooling/pool2d.ts';
import { avgPool3d, maxPool3d } from '../../../../../tensor/ops/pooling/pool3d.ts';
import { fourSizes } from '../../../../../tensor/ops/window.ts';
import { sizeOf } from '../../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from '../call.ts';
import { channelsFirst, channelsLast, filterLast } from '../layout.ts';

type Numbers = readonly number[];

/** Ops of one kind for one, two and three axes; options are lists of a number for each axis. */
type ByAxes<Arguments extends readonly unknown[]> = readonly ((
  ...given: [...Arguments, options: object]
) => AnyTensor)[];

const convolutions: ByAxes<[AnyTensor, AnyTensor]> = [conv1d, conv2d, conv3d];
const transposed: ByAxes<[AnyTensor, AnyTensor]> = [
  conv1dTranspose,
  conv2dTranspose,
  conv3dTranspose,
];
const pools: Readonly<Record<'max' | 'avg', ByAxes<[AnyTensor]>>> = {
  max: [maxPool1d, maxPool2d, maxPool3d],
  avg: [avgPool1d, avgPool2d, avgPool3d],
};

const largestOf: (x: AnyTensor, options: object) => MaxPoolWithArgmax = maxPoolWithArgmax;

/** @throws ArgumentError where windows move along more axes than there are ops for. */
function forAxes<T>(ops: readonly T[], call: OperatorCall): T {
  const axes = call.x.rank - 2;
  const op = ops[axes - 1];
  if (op) return op;
  throw call.unsupported(`a window over ${axes} axes`);
}

/** A window's steps, and the widths around the image: before and after for each axis. */
function windowOf(call: OperatorCall, size: Numbers) {
  const strides = call.ints('strides') ?? size.map(() => 1);
  const dilations = call.ints('dilations') ?? size.map(() => 1);
  const reach = size.map((length, i) => (length - 1) * sizeOf(dilations, i) + 1);
  return { strides, dilations, reach, padding: widthsOf(call, reach, strides) };
}

function widthsOf(call: OperatorCall, reach: Numbers, strides: Numbers): number[] {
  const auto = call.text('auto_pad', 'NOTSET');
  const pads = auto === 'NOTSET' ? call.ints('pads') : undefined;
  return reach.flatMap((length, axis) => {
    if (!auto.startsWith('SAME')) return [pads?.[axis] ?? 0, pads?.[axis + reach.length] ?? 0];
    const [size, stride] = [sizeOf(call.x.shape, axis + 2), sizeOf(strides, axis)];
    return halves(Math.max((Math.ceil(size / stride) - 1) * stride + length - size, 0), auto);
  });
}

/** The odd one is at the end, or with SAME_LOWER at the beginning. */
function halves(total: number, auto: string): [before: number, after: number] {
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return auto === 'SAME_LOWER' ? [more, less] : [less, more];
}

function withBias(images: AnyTensor, call: OperatorCall): AnyTensor {
  const bias = call.inputs[2];
  return bias ? images.add(bias) : images;
}

function conv(call: OperatorCall): AnyTensor {
  const filter = call.input(1);
  const { strides, dilations, padding } = windowOf(call, filter.shape.slice(2));
  const groups = call.int('group', 1);
  const options = { strides, dilations, padding, groups };
  const op = forAxes(convolutions, call);
  return channelsFirst(withBias(op(channelsLast(call.x), filterLast(filter), options), call));
}

/** What a convolution hands back; filters are [C, O / groups, …] here. */
function convTranspose(call: OperatorCall): AnyTensor {
  const filter = call.input(1);
  const { strides, dilations, ...window } = windowOf(call, filter.shape.slice(2));
  const [padding, outputPadding] = transposedWidths(call, { strides, ...window });
  const options = { strides, dilations, padding, outputPadding, groups: call.int('group', 1) };
  const op = forAxes(transposed, call);
  return channelsFirst(withBias(op(channelsLast(call.x), filterLast(filter), options), call));
}

/** What is cut from both ends, and added at the end, of what windows give back. */
function transposedWidths(
  call: OperatorCall,
  { strides, reach, padding }: { strides: Numbers; reach: Numbers; padding: Numbers },
): [padding: Numbers, outputPadding: Numbers] {
  const extra = call.ints('output_padding') ?? reach.map(() => 0);
  const auto = call.text('auto_pad', 'NOTSET');
  // May name batch and channels, too.
  const asked = call.ints('output_shape')?.slice(-reach.length);
  if (!asked && !auto.startsWith('SAME')) return [padding, extra];
  const wholes = strides.map((stride, i) => {
    const size = sizeOf(call.x.shape, i + 2);
    const wanted = asked?.[i] ?? size * stride;
    return (size - 1) * stride + sizeOf(reach, i) + sizeOf(extra, i) - wanted;
  });
  const cut = wholes.flatMap((total) =>
    halves(Math.max(total, 0), auto === 'SAME_UPPER' ? auto : 'SAME_LOWER'),
  );
  return [cut, extra.map((more, i) => more + Math.max(0, -sizeOf(wholes, i)))];
}

function pool(kind: 'max' | 'avg'): Operator {
  return (call) => {
    const filterSize = call.ints('kernel_shape') ?? [];
    const { strides, dilations, padding } = windowOf(call, filterSize);
    const options = {
      ...{ filterSize, strides, dilations, padding },
      dimRoundingMode: call.flag('ceil_mode') ? 'ceil' : 'floor',
      ...(kind === 'avg' ? { countIncludePad: call.flag('count_include_pad') } : {}),
    };
    if (call.outputCount > 1) return withIndices(call, options);
    const op = forAxes(pools[kind], call);
    return channelsFirst(op(channelsLast(call.x.cast('f32')), options)).cast(call.x.dtype);
  };
}

/** Maxima, and where they lie in the flattened batch [N, C, H, W], or [N, C, W, H] by `storage_order`. */
function withIndices(call: OperatorCall, options: object): Outputs {
  const { x } = call;
  if (x.rank !== 4) throw call.unsupported(`the indices of windows over ${x.rank - 2} axes`);
  const [, c, h, w] = fourSizes(x);
  const { result, indexes } = largestOf(channelsLast(x.cast('f32')), options);
  // They are (y · W + x) · C + c in each image.
  const pixel = indexes.floorDiv(c);
  const inPlane = call.flag('storage_order') ? pixel.mod(w).mul(h).add(pixel.floorDiv(w)) : pixel;
  const plane = positions([sizeOf(x.shape, 0), 1, 1, c], 'i32').mul(h * w);
  return [channelsFirst(result).cast(x.dtype), channelsFirst(inPlane.add(plane))];
}

/** Maxima where `MaxPool` found them in the flattened batch, zeros elsewhere. */
function maxUnpool(call: OperatorCall): AnyTensor {
  const { x } = call;
  const kernel = call.ints('kernel_shape') ?? [];
  const { strides, padding } = windowOf(call, kernel);
  const sizes = kernel.map((size, i) => {
    const windows = (sizeOf(x.shape, i + 2) - 1) * sizeOf(strides, i) + size;
    return windows - sizeOf(padding, 2 * i) - sizeOf(padding, 2 * i + 1);
  });
  const shape = [...x.shape.slice(0, 2), ...sizes];
  const places = call.input(1).cast('i32').reshape([-1]);
  const flat = scatterAdd(
    x.reshape([-1]),
    places,
    shape.reduce((a, b) => a * b),
  );
  const wanted = call.known(2) ?? shape;
  return flat.reshape(shape).pad(shape.map((size, i) => [0, sizeOf(wanted, i) - size] as const));
}

function globalPool(reduce: (x: AnyTensor, axes: Numbers) => AnyTensor): Operator {
  return ({ x }) => {
    const spatial = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
    return channelsFirst(reduce(channelsLast(x), spatial));
  };
}

/** What slides a window over sequences, images or volumes. */
export const windowOperators: Readonly<Record<string, Operator>> = {
  AveragePool: pool('avg'),
  Conv: conv,
  ConvTranspose: convTranspose,
  GlobalAveragePool: globalPool((x, axes) => x.mean(axes, true)),
  GlobalMaxPool: globalPool((x, axes) => x.max(axes, true)),
  MaxPool: pool('max'),
  MaxUnpool: maxUnpool,
};
