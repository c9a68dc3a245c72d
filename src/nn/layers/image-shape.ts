import { shown } from '../../arguments.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';

type ImageShape = readonly [batch: number, height: number, width: number, channels: number];

/**
 * A shape as that of images.
 * @throws ShapeError where it has not four axes, naming the layer.
 */
export function imageShape(layer: string, shape: readonly number[]): ImageShape {
  if (!isImageShape(shape)) {
    throw new ShapeError(
      `${layer}: needs images [N, H, W, C], got [${shape}]. Reshape them, with C = 1 for grey ones.`,
    );
  }
  return shape;
}

function isImageShape(shape: readonly number[]): shape is ImageShape {
  return shape.length === 4;
}

/**
 * Height and width, given as two numbers or as one for both.
 * @throws ArgumentError where it is neither, naming it.
 */
export function pairOf(
  layer: string,
  name: string,
  value: number | readonly [number, number],
): readonly [number, number] {
  const pair = Array.isArray(value) ? value : [value, value];
  if (pair.length === 2 && pair.every((size) => Number.isInteger(size) && size >= 1)) {
    return pair as [number, number];
  }
  throw new ArgumentError(
    `${layer}: ${name} ${shown(value)} must be a whole number of 1 or more, or two of them.`,
  );
}
