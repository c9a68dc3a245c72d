import type { Operand } from '../launch.ts';

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

/** What the time of a convolution depends on besides its sizes. */
export function layoutOf(attributes: Conv2dAttributes): boolean[] {
  return [hasPadding(attributes), attributes.strides.some((stride) => stride > 1)];
}

export function shape4(operand: Operand | undefined): Shape4 {
  return operand?.shape as Shape4;
}
