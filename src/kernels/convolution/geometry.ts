import { type Operand, product } from '../launch.ts';

export type Conv2dAttributes = Readonly<{
  strides: readonly [y: number, x: number];
  dilations: readonly [y: number, x: number];
  padding: readonly [top: number, bottom: number, left: number, right: number];
}>;

/** Four sizes: of an image, a filter or an output. */
export type Shape4 = readonly [number, number, number, number];

/** What functions/params.wgsl names beside the params of every implicit matmul. */
export function convolutionParams(
  image: Shape4,
  filter: Shape4,
  output: Shape4,
  attributes: Conv2dAttributes,
) {
  const { strides, dilations, padding } = attributes;
  const [images, height, width, channels] = image;
  const [, filterWidth, , filters] = filter;
  const [, outHeight, outWidth] = output;
  const [strideY, strideX] = strides;
  const [dilationY, dilationX] = dilations;
  const [paddingY, , paddingX] = padding;
  return {
    images,
    height,
    width,
    channels,
    filterWidth,
    filters,
    outHeight,
    outWidth,
    strideY,
    strideX,
    dilationY,
    dilationX,
    paddingY,
    paddingX,
  };
}

/** Whether the filter ever reaches over the edge of the image. */
export function hasPadding({ padding }: Conv2dAttributes): boolean {
  return padding.some((amount) => amount > 0);
}

/**
 * Whether the filter sees one pixel and visits each: images are matrices [pixels, channels] then, and
 * a convolution is a plain matmul in all three directions. On a CPU only the filter's gradient gains
 * by that: the others would pack an image that the convolution reads as it lies.
 */
export function isPointwise([height, width]: Shape4, attributes: Conv2dAttributes): boolean {
  const { strides } = attributes;
  return product([height, width, ...strides]) === 1 && !hasPadding(attributes);
}

/** With fewer channels, register tiles ask for the edge more often than they compute. */
const FEW_CHANNELS = 8;

/** Whether an image of so many channels is read as it lies on every device, be it f16 or f32. */
export function isReadAsItLies(channels: number): boolean {
  return channels >= FEW_CHANNELS;
}

/** What the time of a convolution depends on besides its sizes. */
export function layoutOf(attributes: Conv2dAttributes): boolean[] {
  return [hasPadding(attributes), attributes.strides.some((stride) => stride > 1)];
}

export function shape4(operand: Operand | undefined): Shape4 {
  return operand?.shape as Shape4;
}
