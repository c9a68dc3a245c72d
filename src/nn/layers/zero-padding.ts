import { pad } from '../../tensor/ops/views.ts';
import { windowPadding } from '../../tensor/ops/window.ts';
import type { Layer } from '../layer.ts';
import { FunctionLayer } from './function-layer.ts';
import { imageShape } from './image-shape.ts';

/**
 * Zeros around images: one width for all sides, [vertical, horizontal] or [top, bottom, left,
 * right]; [N, H, W, C] → [N, H + top + bottom, W + left + right, C].
 * @throws ShapeError for widths that are negative or fractions
 */
export function zeroPadding2d(
  padding: number | readonly [number, number] | readonly [number, number, number, number] = 1,
): Layer {
  const given = Array.isArray(padding) && padding.length === 2 ? padding.flatMap(twice) : padding;
  const sides = given as number | readonly [number, number, number, number];
  const [top, bottom, left, right] = windowPadding('zeroPadding2d', [1, 1], [1, 1], [1, 1], sides);
  return new FunctionLayer('zeroPadding2d', (x) => {
    imageShape('zeroPadding2d', x.shape);
    return pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
  });
}

const twice = (width: number) => [width, width];
