import type { Shape } from './array.ts';

export type Pair = readonly [height: number, width: number];
export type Padding = readonly [top: number, bottom: number, left: number, right: number];

/** How many windows of `kernel` elements fit into one padded axis. */
export const windowCount = (
  extent: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: number,
): number => Math.floor((extent + padding - (kernel - 1) * dilation - 1) / stride) + 1;

/** TensorFlow's "same" for one axis: ceil(extent / stride) windows, the odd pad at the end. */
export function samePaddingOfAxis(
  extent: number,
  kernel: number,
  stride: number,
  dilation = 1,
): [low: number, high: number] {
  const reach = (Math.ceil(extent / stride) - 1) * stride + (kernel - 1) * dilation + 1;
  const total = Math.max(reach - extent, 0);
  const low = Math.floor(total / 2);
  return [low, total - low];
}

/** TensorFlow's "same" padding of an NHWC input. */
export function samePadding(
  inputShape: Shape,
  kernel: Pair,
  strides: Pair = [1, 1],
  dilations: Pair = [1, 1],
): Padding {
  const [, height, width] = inputShape as [number, number, number];
  return [
    ...samePaddingOfAxis(height, kernel[0], strides[0], dilations[0]),
    ...samePaddingOfAxis(width, kernel[1], strides[1], dilations[1]),
  ];
}
