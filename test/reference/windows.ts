import { eachIndex, NdArray } from './array.ts';

/** Windows along one axis. */
export interface Axis {
  readonly stride?: number;
  readonly dilation?: number;
  readonly before?: number;
  readonly after?: number;
}

const places = ({ stride = 1, dilation = 1, before = 0 }: Axis, window: number, tap: number) =>
  window * stride + tap * dilation - before;

const count = (
  size: number,
  kernel: number,
  { stride = 1, dilation = 1, before = 0, after = 0 }: Axis,
) => Math.floor((size + before + after - (kernel - 1) * dilation - 1) / stride) + 1;

/** Cross-correlation along any number of axes: x [N, …, C] and filters [window, C / groups, O]. */
export function convolve(x: NdArray, filter: NdArray, axes: readonly Axis[], groups = 1): NdArray {
  const [perGroup, outputs] = filter.shape.slice(-2) as [number, number];
  const window = filter.shape.slice(0, -2);
  const counts = axes.map((axis, i) => count(x.shape[i + 1]!, window[i]!, axis));
  return NdArray.build([x.shape[0]!, ...counts, outputs], (index) => {
    const [n, output] = [index[0]!, index.at(-1)!];
    const group = Math.floor(output / (outputs / groups));
    let sum = 0;
    eachIndex(window, (taps) => {
      const at = axes.map((axis, i) => places(axis, index[i + 1]!, taps[i]!));
      if (at.some((place, i) => place < 0 || place >= x.shape[i + 1]!)) return;
      for (let i = 0; i < perGroup; i++) {
        sum += x.at(n, ...at, group * perGroup + i) * filter.at(...taps, i, output);
      }
    });
    return sum;
  });
}

/** What a convolution hands back: y [N, …, C] and filters [window, O / groups, C] → [N, `sizes`, O]. */
export function convolveBack(
  y: NdArray,
  filter: NdArray,
  axes: readonly Axis[],
  sizes: readonly number[],
  groups = 1,
): NdArray {
  const [perGroup, channels] = filter.shape.slice(-2) as [number, number];
  const window = filter.shape.slice(0, -2);
  const out = new NdArray([y.shape[0]!, ...sizes, perGroup * groups]);
  const strides = out.strides;
  eachIndex(y.shape, (index, position) => {
    const channel = index.at(-1)!;
    const group = Math.floor(channel / (channels / groups));
    eachIndex(window, (taps) => {
      const at = axes.map((axis, i) => places(axis, index[i + 1]!, taps[i]!));
      if (at.some((place, i) => place < 0 || place >= sizes[i]!)) return;
      for (let o = 0; o < perGroup; o++) {
        const to = [index[0]!, ...at, group * perGroup + o];
        const offset = to.reduce((sum, place, i) => sum + place * strides[i]!, 0);
        out.data[offset]! += y.data[position]! * filter.at(...taps, o, channel);
      }
    });
  });
  return out;
}

/**
 * What `reduce` makes of the elements of each window, of `counts` windows along the axes; padding is
 * left out.
 */
export function pool(
  x: NdArray,
  window: readonly number[],
  axes: readonly Axis[],
  reduce: (elements: number[]) => number,
  counts = axes.map((axis, i) => count(x.shape[i + 1]!, window[i]!, axis)),
): NdArray {
  return NdArray.build([x.shape[0]!, ...counts, x.shape.at(-1)!], (index) => {
    const elements: number[] = [];
    eachIndex(window, (taps) => {
      const at = axes.map((axis, i) => places(axis, index[i + 1]!, taps[i]!));
      if (at.some((place, i) => place < 0 || place >= x.shape[i + 1]!)) return;
      elements.push(x.at(index[0]!, ...at, index.at(-1)!));
    });
    return reduce(elements);
  });
}

export const largest = (elements: readonly number[]) => Math.max(...elements);
export const mean = (elements: readonly number[]) =>
  elements.reduce((a, b) => a + b, 0) / elements.length;

/** What `reduce` makes of `sizes` windows along the axes, as even as they can be: PyTorch's adaptive pooling. */
export function adaptive(
  x: NdArray,
  sizes: readonly number[],
  reduce: (elements: number[]) => number,
): NdArray {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  return NdArray.build([batch, ...sizes, channels], (index) => {
    const spans = sizes.map((size, i) => {
      const [there, at] = [x.shape[i + 1]!, index[i + 1]!];
      return { from: Math.floor((at * there) / size), to: Math.ceil(((at + 1) * there) / size) };
    });
    const elements: number[] = [];
    eachIndex(
      spans.map(({ from, to }) => to - from),
      (taps) => {
        const at = taps.map((tap, i) => spans[i]!.from + tap);
        elements.push(x.at(index[0]!, ...at, index.at(-1)!));
      },
    );
    return reduce(elements);
  });
}

/** The largest sum of a window's element and that of the filter [KH, KW, C]; padding is left out. */
export function dilate(x: NdArray, filter: NdArray, axes: readonly Axis[]): NdArray {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const window = filter.shape.slice(0, 2);
  const counts = axes.map((axis, i) => count(x.shape[i + 1]!, window[i]!, axis));
  return NdArray.build([batch, ...counts, channels], (index) => {
    const [n, c] = [index[0]!, index.at(-1)!];
    let most = Number.NEGATIVE_INFINITY;
    eachIndex(window, (taps) => {
      const at = axes.map((axis, i) => places(axis, index[i + 1]!, taps[i]!));
      if (at.some((place, i) => place < 0 || place >= x.shape[i + 1]!)) return;
      most = Math.max(most, x.at(n, ...at, c) + filter.at(...taps, c));
    });
    return most;
  });
}

/** Each window's elements as channels, 0 where it is outside: [N, H', W', KH · KW · C]. */
export function patches(x: NdArray, window: readonly number[], axes: readonly Axis[]): NdArray {
  const channels = x.shape.at(-1)!;
  const counts = axes.map((axis, i) => count(x.shape[i + 1]!, window[i]!, axis));
  const width = window.reduce((a, b) => a * b, channels);
  return NdArray.build([x.shape[0]!, ...counts, width], (index) => {
    const channel = index.at(-1)! % channels;
    const tap = Math.floor(index.at(-1)! / channels);
    const taps = [Math.floor(tap / window[1]!), tap % window[1]!];
    const at = axes.map((axis, i) => places(axis, index[i + 1]!, taps[i]!));
    if (at.some((place, i) => place < 0 || place >= x.shape[i + 1]!)) return 0;
    return x.at(index[0]!, ...at, channel);
  });
}
