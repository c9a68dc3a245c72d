import { requireNumber, requireWhole } from '../../arguments.ts';
import { positions, zeros } from '../../tensor/ops/creation.ts';
import { where } from '../../tensor/ops/where.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Augmentation, Draws } from './augment.ts';
import { pixelsAt, rotated } from './resample.ts';

/** Mirrors every other image, left to right. */
export function randomFlip(): Augmentation {
  return (images, draws) => {
    const mirrored = draws.whole(0, 1).equal(1).reshape([-1, 1, 1, 1]);
    return where(mirrored, images.flip(2), images);
  };
}

/**
 * Puts `padding` zeros around each image and cuts one of the old size out of it anywhere
 * (He et al., "Deep residual learning", 2015).
 *
 * @throws ArgumentError where `padding` is not a whole number of pixels.
 */
export function randomCrop(padding: number): Augmentation {
  requireWhole('randomCrop', { padding }, { from: 0 });
  return (images, draws) => shifted(images, draws, padding, padding);
}

/**
 * Moves each image by whole pixels, up and down by at most `fraction` of its height, left and
 * right by at most `fraction` of its width.
 *
 * @throws ArgumentError where `fraction` is not in [0, 1].
 */
export function randomShift(fraction: number): Augmentation {
  requireNumber('randomShift', { fraction }, { from: 0, to: 1 });
  return (images, draws) => {
    const [, height = 0, width = 0] = images.shape;
    return shifted(images, draws, Math.floor(fraction * height), Math.floor(fraction * width));
  };
}

/**
 * Turns each image about its centre by at most `degrees` in either direction, bilinearly.
 *
 * @throws ArgumentError where `degrees` is not in [0, 180].
 */
export function randomRotation(degrees: number): Augmentation {
  requireNumber('randomRotation', { degrees }, { from: 0, to: 180 });
  const most = (degrees * Math.PI) / 180;
  return (images, draws) => rotated(images, draws.uniform(-most, most));
}

/**
 * Blackens a square of `size` pixels in each image; its middle lies anywhere, so that part of it
 * may fall outside (DeVries & Taylor, "Improved regularization … with cutout", 2017).
 *
 * @throws ArgumentError where `size` is not a whole number of pixels from 1.
 */
export function cutout(size: number): Augmentation {
  requireWhole('cutout', { size }, { from: 1 });
  return (images, draws) => {
    const [, height = 0, width = 0] = images.shape;
    const within = (length: number, shape: readonly number[]) => {
      const start = draws.whole(0, length - 1).sub(Math.floor(size / 2));
      const from = positions([length], 'i32')
        .reshape(shape)
        .sub(start.reshape([-1, 1, 1, 1]));
      return from.greaterEqual(0).logicalAnd(from.less(size));
    };
    const hidden = within(height, [1, height, 1, 1]).logicalAnd(within(width, [1, 1, width, 1]));
    return where(hidden, zeros([1, 1, 1, 1]), images);
  };
}

/** Images moved by up to so many pixels in both directions. */
function shifted(images: Tensor, draws: Draws, vertically: number, horizontally: number): Tensor {
  const [, height = 0, width = 0] = images.shape;
  const moved = (length: number, most: number, shape: readonly number[]) =>
    positions([length], 'i32')
      .reshape(shape)
      .add(draws.whole(-most, most).reshape([-1, 1, 1]));
  return pixelsAt(
    images,
    moved(height, vertically, [1, height, 1]),
    moved(width, horizontally, [1, 1, width]),
  );
}
