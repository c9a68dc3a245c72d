import { full, positions } from '../../tensor/ops/creation.ts';
import { where } from '../../tensor/ops/where.ts';
import type { Shape } from '../../tensor/shape-types.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * For each place of a batch of images [count, height, width, channels] the pixel at row `y` and
 * column `x` of the same image, i32 of shapes that broadcast to [count, height, width]; 0 outside.
 */
export function pixelsAt(images: Tensor, y: Tensor<Shape, 'i32'>, x: Tensor<Shape, 'i32'>): Tensor {
  const [count = 0, height = 0, width = 0, channels = 0] = images.shape;
  const within = (at: Tensor<Shape, 'i32'>, length: number) =>
    at.greaterEqual(0).logicalAnd(at.less(length));
  const inside = within(y, height).logicalAnd(within(x, width));
  const first = positions([count, 1, 1], 'i32').mul(height * width);
  const pixel = first.add(y.mul(width).add(x));
  // What gather finds outside is 0.
  const outside = full([1, 1, 1], -1, { dtype: 'i32' });
  const indices = where(inside, pixel, outside);
  return images.reshape([count * height * width, channels]).gather(indices);
}

/** Images turned counter-clockwise about their centres by angles f32 [count] in radians. */
export function rotated(images: Tensor, angles: Tensor): Tensor {
  const [, height = 0, width = 0] = images.shape;
  const fromCentre = (length: number, shape: readonly number[]) =>
    positions([length], 'f32')
      .reshape(shape)
      .sub((length - 1) / 2);
  const [down, right] = [fromCentre(height, [1, height, 1]), fromCentre(width, [1, 1, width])];
  const cos = angles.cos().reshape([-1, 1, 1]);
  const sin = angles.sin().reshape([-1, 1, 1]);
  const y = right
    .mul(sin)
    .add(down.mul(cos))
    .add((height - 1) / 2);
  const x = right
    .mul(cos)
    .sub(down.mul(sin))
    .add((width - 1) / 2);
  return interpolated(images, y, x);
}

/** The mean of the four pixels around a place, weighted by nearness (bilinear interpolation). */
function interpolated(images: Tensor, y: Tensor, x: Tensor): Tensor {
  const sides = (at: Tensor) => {
    const before = at.floor();
    const weight = at.sub(before);
    const pixel = before.cast('i32');
    return [
      { pixel, weight: weight.neg().add(1) },
      { pixel: pixel.add(1), weight },
    ];
  };
  const corners = sides(y).flatMap((row) =>
    sides(x).map((column) => {
      const weight = row.weight.mul(column.weight).unsqueeze(3);
      return pixelsAt(images, row.pixel, column.pixel).mul(weight);
    }),
  );
  return corners.reduce((sum, corner) => sum.add(corner));
}
