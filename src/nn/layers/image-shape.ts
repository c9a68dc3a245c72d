import { ArgumentError, ShapeError } from '../../errors.ts';

type ImageShape = readonly [batch: number, height: number, width: number, channels: number];

/** A shape as that of images. @throws ShapeError naming the layer, unless it has four axes */
export function imageShape(layer: string, shape: readonly number[]): ImageShape {
  if (shape.length !== 4) {
    throw new ShapeError(
      `${layer}: needs images [N, H, W, C], got [${shape}]. Reshape them, with C = 1 for grey ones.`,
    );
  }
  return shape as ImageShape;
}

/** Height and width, given as two numbers or as one for both. */
export function pairOf(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** @throws ArgumentError that begins with `what`, unless all sizes are whole numbers above 0 */
export function checkSizes(what: string, sizes: readonly number[]): void {
  if (sizes.every((size) => Number.isInteger(size) && size > 0)) return;
  throw new ArgumentError(`${what}: all must be whole numbers above 0.`);
}
