import type { Operand } from '../launch.ts';

export type Conv2dAttributes = Readonly<{
  strides: readonly [y: number, x: number];
  dilations: readonly [y: number, x: number];
  padding: readonly [top: number, bottom: number, left: number, right: number];
}>;

/** Four sizes: of an image, a filter or an output. */
export type Shape4 = readonly [number, number, number, number];

/** The words that functions/params.wgsl names after those of every implicit matmul. */
export function convolutionWords(
  image: Shape4,
  filter: Shape4,
  output: Shape4,
  attributes: Conv2dAttributes,
) {
  const { strides, dilations, padding } = attributes;
  return [
    image[1],
    image[2],
    image[3],
    filter[3],
    output[1],
    output[2],
    filter[1],
    ...strides,
    ...dilations,
    padding[0],
    padding[2],
    image[0],
  ];
}

/** Whether the filter ever reaches over the edge of the image. */
export function hasPadding({ padding }: Conv2dAttributes): boolean {
  return padding.some((amount) => amount > 0);
}

export function shape4(operand: Operand | undefined): Shape4 {
  return operand?.shape as Shape4;
}
