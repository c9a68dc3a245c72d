import { requireChoice, requireNumber, requireOptions } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { tensor, zeros } from '../creation.ts';
import { lerp } from '../elementwise/lerp.ts';
import { gather, wholeNumbers } from '../indexing/gather.ts';
import { reshape, slice, unsqueeze } from '../views.ts';
import { where } from '../where.ts';
import { requireSize } from './require-size.ts';

export interface CropAndResizeOptions {
  /** Straight lines between pixels ('bilinear', if left out), or the nearest pixel. */
  readonly method?: 'bilinear' | 'nearest';
  /** What is outside the image. Default 0. */
  readonly extrapolationValue?: number;
}

/**
 * Parts of images [N, H, W, C], each brought to one size: [boxes, height, width, C], f32. A box
 * [y1, x1, y2, x2] gives opposite corners, where 0 is the first pixel of the image and 1 the last;
 * where the second is above or left of the first, the part is flipped. `boxIndices` [boxes] name the
 * image of each; an image index computed on the device that is out of range gives zeros. Boxes have a
 * gradient where the method is 'bilinear'.
 * @throws ShapeError where images, boxes or their indices have other shapes, images have no pixels, or an
 *   index known on the host is out of range.
 * @throws DTypeError where boxes are not f32, or indices are no whole numbers.
 * @throws ArgumentError where an option is not known, or of another kind.
 */
export function cropAndResize(
  images: AnyTensor,
  boxes: Tensor,
  boxIndices: AnyTensor,
  cropSize: readonly [height: number, width: number],
  options: CropAndResizeOptions = {},
): Tensor {
  const op = 'cropAndResize';
  requireOptions(op, options, ['method', 'extrapolationValue']);
  const { method = 'bilinear', extrapolationValue = 0 } = options;
  requireChoice(op, { method }, ['bilinear', 'nearest']);
  requireNumber(op, { extrapolationValue });
  requireTensor(op, images);
  requireDType(op, boxes, ['f32']);
  requireTensor(op, boxIndices);
  requireSize(op, cropSize);
  const [n = 0, h = 0, w = 0, c] = images.shape;
  const [count = 0] = boxes.shape;
  if (c === undefined || images.rank !== 4 || n * h * w === 0) {
    throw new ShapeError(
      `${op}: needs images [N, H, W, C] that have pixels, got [${images.shape}].`,
    );
  }
  const fits = boxes.rank === 2 && boxes.shape[1] === 4 && boxIndices.rank === 1;
  if (!fits || boxIndices.shape[0] !== count) {
    throw new ShapeError(
      `${op}: needs boxes [n, 4] and boxIndices [n], got [${boxes.shape}] and [${boxIndices.shape}].`,
    );
  }
  const image = reshape(wholeNumbers(op, boxIndices, n), [count, 1, 1]);
  const shape = [count, ...cropSize, c];
  if (product(shape) === 0) return zeros(shape);
  const [height, width] = cropSize;
  const down = reshape(placesIn(boxes, 0, height, h), [count, height, 1]);
  const across = reshape(placesIn(boxes, 1, width, w), [count, 1, width]);
  const pixels = reshape(cast(images, 'f32'), [n * h * w, c]);
  const pixelsAt = (rows: Tensor, columns: Tensor) =>
    gather(pixels, image.mul(h).add(cast(rows, 'i32')).mul(w).add(cast(columns, 'i32')));
  const isInside = within(down, h).logicalAnd(within(across, w));
  const [y, x] = [down.maximum(0).minimum(h - 1), across.maximum(0).minimum(w - 1)];
  if (method === 'nearest') {
    const nearest = pixelsAt(y.add(0.5).floor(), x.add(0.5).floor());
    return where(unsqueeze(isInside, -1), nearest, extrapolationValue);
  }
  const [top, left] = [y.floor(), x.floor()];
  const [bottom, right] = [y.ceil(), x.ceil()];
  const toRight = unsqueeze(x.sub(left), -1);
  const upper = lerp(pixelsAt(top, left), pixelsAt(top, right), toRight);
  const lower = lerp(pixelsAt(bottom, left), pixelsAt(bottom, right), toRight);
  const blended = lerp(upper, lower, unsqueeze(y.sub(top), -1));
  return where(unsqueeze(isInside, -1), blended, extrapolationValue);
}

/**
 * Places among `there` pixels of the `wanted` ones from corner to corner of each box, or in its middle:
 * [boxes, wanted]. Weights of both corners rather than steps from one, so that 0 and 1 are met exactly.
 */
function placesIn(boxes: Tensor, axis: 0 | 1, wanted: number, there: number): Tensor {
  const shares = Float32Array.from({ length: wanted }, (_, i) =>
    wanted > 1 ? i / (wanted - 1) : 0.5,
  );
  const share = tensor(shares, [1, wanted]);
  const corner = (column: number) => slice(boxes, [0, column], [undefined, column + 1]);
  const [first, second] = [corner(axis), corner(axis + 2)];
  return first
    .mul(share.neg().add(1))
    .add(second.mul(share))
    .mul(there - 1);
}

function within(places: Tensor, there: number): AnyTensor {
  return places.greaterEqual(0).logicalAnd(places.lessEqual(there - 1));
}
