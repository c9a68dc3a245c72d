import { pad } from '../../tensor/ops/views.ts';
import { windowPadding } from '../../tensor/ops/window.ts';
import type { Layer } from '../layer.ts';
import { FunctionLayer } from './function-layer.ts';
import { imageShape } from './image-shape.ts';

/**
 * Zeros around images: one width for all sides, [vertical, horizontal] or [top, bottom, left,
 * right]; [N, H, W, C] → [N, H + top + bottom, W + left + right, C].
 * @throws ShapeError where widths are negative or fractions, or inputs are no images.
 */
export function zeroPadding2d(
  padding: number | readonly [number, number] | readonly [number, number, number, number] = 1,
): Layer {
  const sides = typeof padding === 'object' && padding.length === 2 ? twice(padding) : padding;
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

function twice([vertical, horizontal]: readonly [number, number]) {
  return [vertical, vertical, horizontal, horizontal] as const;
}
