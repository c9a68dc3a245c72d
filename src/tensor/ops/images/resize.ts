import { requireFlag, requireOptions } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { requireTensor } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { blendAlong, pickAlong } from './along.ts';
import { requireSize } from './require-size.ts';

export interface ResizeOptions {
  /** Corner pixels lie on corner pixels, and the others evenly between. Default false. */
  readonly alignCorners?: boolean;
  /** Pixels lie at their centres, half a pixel from the edges, rather than at their corners. Default false. */
  readonly halfPixelCenters?: boolean;
}

/** Where a pixel of the result lies among those there are, by its number; of centres, or from corner to corner. */
type Place = (pixel: number, ratio: number, centers: boolean, corners: boolean) => number;

/**
 * Images [N, H, W, C], or one [H, W, C], in another size [height, width], by straight lines between pixels:
 * f32. PyTorch's `interpolate` has `halfPixelCenters`. Shrunk images are not averaged.
 * @throws ShapeError where `x` has neither three axes nor four or no pixels, or the size is none.
 * @throws ArgumentError where an option is not known, or both are asked for.
 */
export function resizeBilinear(
  x: AnyTensor,
  size: readonly [height: number, width: number],
  options: ResizeOptions = {},
): Tensor {
  const place: Place = (i, ratio, centers) => (centers ? (i + 0.5) * ratio - 0.5 : i * ratio);
  const [[down, rows], [across, columns]] = placesOf('resizeBilinear', x, size, options, place);
  return blendAlong(blendAlong(x, down, rows), across, columns);
}

/**
 * Images [N, H, W, C], or one [H, W, C], in another size [height, width], each pixel the nearest there is:
 * the one below, or with `alignCorners` the closer one.
 * @throws ShapeError where `x` has neither three axes nor four or no pixels, or the size is none.
 * @throws ArgumentError where an option is not known, or both are asked for.
 */
export function resizeNearestNeighbor<D extends DType>(
  x: Tensor<Shape, D>,
  size: readonly [height: number, width: number],
  options: ResizeOptions = {},
): Tensor<Shape, D> {
  const place: Place = (i, ratio, centers, corners) =>
    (corners ? Math.round : Math.floor)((centers ? i + 0.5 : i) * ratio);
  const op = 'resizeNearestNeighbor';
  const [[down, rows], [across, columns]] = placesOf(op, x, size, options, place);
  return pickAlong(pickAlong(x, down, rows), across, columns);
}

/** For height and width, the axis and the places along it. */
function placesOf(
  op: string,
  x: AnyTensor,
  size: readonly [number, number],
  options: ResizeOptions,
  place: Place,
) {
  requireTensor(op, x);
  requireOptions(op, options, ['alignCorners', 'halfPixelCenters']);
  const { alignCorners = false, halfPixelCenters = false } = options;
  requireFlag(op, 'alignCorners', alignCorners);
  requireFlag(op, 'halfPixelCenters', halfPixelCenters);
  if (alignCorners && halfPixelCenters) {
    throw new ArgumentError(
      `${op}: alignCorners and halfPixelCenters exclude each other; leave one of them out.`,
    );
  }
  requireSize(op, size);
  const first = x.rank - 3;
  if ((first !== 0 && first !== 1) || sizeOf(x.shape, first) * sizeOf(x.shape, first + 1) === 0) {
    throw new ShapeError(
      `${op}: needs images [N, H, W, C] or [H, W, C] that have pixels, got [${x.shape}].`,
    );
  }
  const along = (axis: number, wanted: number): [axis: number, places: number[]] => {
    const there = sizeOf(x.shape, axis);
    const ratio = alignCorners && wanted > 1 ? (there - 1) / (wanted - 1) : there / wanted;
    const placed = (_: unknown, i: number) => place(i, ratio, halfPixelCenters, alignCorners);
    return [axis, Array.from({ length: wanted }, placed)];
  };
  return [along(first, size[0]), along(first + 1, size[1])] as const;
}
