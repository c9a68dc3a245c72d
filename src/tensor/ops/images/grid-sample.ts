import { requireChoice, requireFlag, requireOptions } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { positions, zeros } from '../creation.ts';
import { unstack } from '../rearranging/repeating.ts';
import { around, clamp, cubic, linear, pixels, reflect, sum } from './sampling.ts';

export interface GridSampleOptions {
  /** Straight lines between pixels ('bilinear', if left out), the nearest pixel, or cubic convolution, of images alone. */
  readonly mode?: 'bilinear' | 'nearest' | 'bicubic';
  /** What lies outside: 0 ('zeros', if left out), the pixel at the edge, or the image mirrored there. */
  readonly paddingMode?: 'zeros' | 'border' | 'reflection';
  /** Whether −1 and 1 are the centres of the outermost pixels, not their outer edges. Default false, as in PyTorch. */
  readonly alignCorners?: boolean;
}

/**
 * Images read at the places of a grid: x [N, H, W, C] and grid [N, H', W', 2] → [N, H', W', C], or of volumes
 * [N, D, H, W, C] and [N, D', H', W', 3], f32. A place is x, y (and z), from −1 at the left, top and front to 1. It
 * has a gradient unless the mode is 'nearest'. PyTorch's `grid_sample` with channels last.
 * @throws ShapeError where x has other axes or no pixels, or the grid does not fit it.
 * @throws DTypeError where one is not f32.
 * @throws ArgumentError where an option is not known or of another kind, or the mode is 'bicubic' for volumes.
 */
export function gridSample(x: AnyTensor, grid: AnyTensor, options: GridSampleOptions = {}): Tensor {
  const op = 'gridSample';
  requireOptions(op, options, ['mode', 'paddingMode', 'alignCorners']);
  const { mode = 'bilinear', paddingMode = 'zeros', alignCorners = false } = options;
  requireChoice(op, { mode }, ['bilinear', 'nearest', 'bicubic']);
  requireChoice(op, { paddingMode }, ['zeros', 'border', 'reflection']);
  requireFlag(op, 'alignCorners', alignCorners);
  requireDType(op, x, ['f32']);
  requireDType(op, grid, ['f32']);
  const axes = x.rank - 2;
  const fits = grid.rank === x.rank && grid.shape[0] === x.shape[0] && grid.shape.at(-1) === axes;
  if ((axes !== 2 && axes !== 3) || !fits || product(x.shape.slice(1, -1)) === 0) {
    throw new ShapeError(
      `${op}: needs images [N, H, W, C] with a grid [N, H', W', 2] or volumes [N, D, H, W, C] with [N, D', H', W', 3], ` +
        `which have pixels, got [${x.shape}] and [${grid.shape}].`,
    );
  }
  const isCubic = mode === 'bicubic';
  if (isCubic && axes === 3) {
    throw new ArgumentError(`${op}: volumes are read by 'bilinear' or 'nearest', not '${mode}'.`);
  }
  const shape = [...grid.shape.slice(0, -1), sizeOf(x.shape, -1)];
  if (product(shape) === 0) return zeros(shape);
  const bound = paddingMode === 'reflection' ? reflect(alignCorners) : clamp;
  // The last axis of the images comes first in the grid.
  const places = unstack(grid, -1)
    .reverse()
    .map((part, axis) => {
      const size = sizeOf(x.shape, axis + 1);
      const from0 = part.add(1);
      const place = alignCorners ? from0.mul((size - 1) / 2) : from0.mul(size).sub(1).div(2);
      return paddingMode === 'zeros' || isCubic ? place : bound(place, size);
    });
  const batch = positions([sizeOf(x.shape, 0), ...places.map(() => 1)], 'i32');
  const source = { images: x, batch, bound, isZeroOutside: paddingMode === 'zeros' };
  if (mode !== 'nearest') return sum(around(source, places, isCubic ? cubic : linear));
  return pixels(
    source,
    places.map((place) => place.round()),
  );
}
