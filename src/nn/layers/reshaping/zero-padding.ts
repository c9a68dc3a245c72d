import { pad } from '../../../tensor/ops/views.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { channelsOf, type Sides, widthsAlong } from './image-shape.ts';

/**
 * Zeros around sequences: one width for both ends, or [before, after]; [N, L, C] →
 * [N, before + L + after, C].
 * @throws ShapeError where widths are negative or fractions, or inputs are no sequences.
 */
export function zeroPadding1d(padding: Sides[1] = 1): Layer {
  return zeroPadding('zeroPadding1d', 1, padding);
}

/**
 * Zeros around images: one width for all sides, [vertical, horizontal] or [top, bottom, left,
 * right]; [N, H, W, C] → [N, H + top + bottom, W + left + right, C].
 * @throws ShapeError where widths are negative or fractions, or inputs are no images.
 */
export function zeroPadding2d(padding: Sides[2] = 1): Layer {
  return zeroPadding('zeroPadding2d', 2, padding);
}

/**
 * Zeros around volumes: one width for all sides, [depth, vertical, horizontal] or [front, back, top,
 * bottom, left, right]; [N, D, H, W, C] → [N, D + front + back, H + top + bottom, W + left + right, C].
 * @throws ShapeError where widths are negative or fractions, or inputs are no volumes.
 */
export function zeroPadding3d(padding: Sides[3] = 1): Layer {
  return zeroPadding('zeroPadding3d', 3, padding);
}

function zeroPadding(type: string, axes: 1 | 2 | 3, padding: number | readonly number[]): Layer {
  const widths = widthsAlong(type, 'padding', axes, padding);
  const surround = (x: AnyTensor) => {
    channelsOf(type, axes, x.shape);
    return pad(x, [[0, 0], ...widths, [0, 0]]);
  };
  return new FunctionLayer(type, surround, { padding: widths });
}
