import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { requireDType } from '../../require-dtype.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { tensor } from '../creation.ts';

/** How bright red, green and blue look (ITU-R BT.601). */
const BRIGHTNESS = [0.2989, 0.587, 0.114];

/**
 * The brightness of pixels [..., 3] of red, green and blue: [..., 1] in their dtype; whole numbers are cut
 * off below the point.
 * @throws ShapeError where the last axis has not three elements.
 * @throws DTypeError where `x` is bool.
 */
export function rgbToGrayscale<D extends DType>(x: Tensor<Shape, D>): Tensor<Shape, D> {
  requireDType<DType>('rgbToGrayscale', x, ['f32', 'f16', 'i32', 'u32', 'u8']);
  if (x.shape.at(-1) !== 3) {
    throw new ShapeError(
      `rgbToGrayscale: needs red, green and blue on the last axis, [..., 3], got [${x.shape}].`,
    );
  }
  return cast(cast(x, 'f32').mul(tensor(BRIGHTNESS)).sum(-1, true), x.dtype);
}
