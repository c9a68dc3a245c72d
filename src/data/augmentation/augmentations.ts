import { ArgumentError } from '../../errors.ts';
import { positions, zeros } from '../../tensor/ops/creation.ts';
import { where } from '../../tensor/ops/where.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireWhole } from '../whole-number.ts';
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
 * Throws `ArgumentError` where `padding` is not a whole number of pixels.
 */
export function randomCrop(padding: number): Augmentation {
  requireWhole('randomCrop: padding', padding, 0);
  return (images, draws) => shifted(images, draws, padding, padding);
}

/**
 * Moves each image by whole pixels, up and down by at most `fraction` of its height, left and
 * right by at most `fraction` of its width.
 *
 * Throws `ArgumentError` where `fraction` is not in [0, 1].
 */
export function randomShift(fraction: number): Augmentation {
  requireWithin('randomShift: the fraction', fraction, 1);
  return (images, draws) => {
    const [, height, width] = images.shape as readonly number[] as [number, number, number];
    return shifted(images, draws, Math.floor(fraction * height), Math.floor(fraction * width));
  };
}

/**
 * Turns each image about its centre by at most `degrees` in either direction, bilinearly.
 *
 * Throws `ArgumentError` where `degrees` is not in [0, 180].
 */
export function randomRotation(degrees: number): Augmentation {
  requireWithin('randomRotation: the degrees', degrees, 180);
  const most = (degrees * Math.PI) / 180;
  return (images, draws) => rotated(images, draws.uniform(-most, most));
}

/**
 * Blackens a square of `size` pixels in each image; its middle lies anywhere, so that part of it
 * may fall outside (DeVries & Taylor, "Improved regularization … with cutout", 2017).
 *
 * Throws `ArgumentError` where `size` is not a whole number of pixels from 1.
 */
export function cutout(size: number): Augmentation {
  requireWhole('cutout: size', size, 1);
  return (images, draws) => {
    const [, height, width] = images.shape as readonly number[] as [number, number, number];
    const within = (length: number, shape: readonly number[]) => {
      const start = draws.whole(0, length - 1).sub(Math.floor(size / 2));
      const from = positions([length], 'i32')
        .reshape(shape)
        .sub(start.reshape([-1, 1, 1, 1]));
      return from.greaterEqual(0).logicalAnd(from.less(size));
    };
    const hidden = within(height, [1, height, 1, 1]).logicalAnd(within(width, [1, 1, width, 1]));
    return where(hidden, zeros([1, 1, 1, 1]) as Tensor, images);
  };
}

/** Images moved by up to so many pixels in both directions. */
function shifted(images: Tensor, draws: Draws, vertically: number, horizontally: number): Tensor {
  const [, height, width] = images.shape as readonly number[] as [number, number, number];
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

function requireWithin(name: string, value: number, most: number): void {
  if (value >= 0 && value <= most) return;
  throw new ArgumentError(`${name} must lie between 0 and ${most}, not ${value}.`);
}
