import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { channelsOf } from '../reshaping/image-shape.ts';

/**
 * The mean of each channel over the whole sequence: [N, L, C] → [N, C].
 * @throws ShapeError where inputs are no sequences.
 */
export function globalAveragePool1d(): Layer {
  return overall('globalAveragePool1d', 1, (x, axes) => x.mean(axes));
}

/**
 * The largest element of each channel over the whole sequence: [N, L, C] → [N, C].
 * @throws ShapeError where inputs are no sequences.
 */
export function globalMaxPool1d(): Layer {
  return overall('globalMaxPool1d', 1, (x, axes) => x.max(axes));
}

/**
 * The mean of each channel over the whole image: [N, H, W, C] → [N, C].
 * @throws ShapeError where inputs are no images.
 */
export function globalAveragePool2d(): Layer {
  return overall('globalAveragePool2d', 2, (x, axes) => x.mean(axes));
}

/**
 * The largest element of each channel over the whole image: [N, H, W, C] → [N, C].
 * @throws ShapeError where inputs are no images.
 */
export function globalMaxPool2d(): Layer {
  return overall('globalMaxPool2d', 2, (x, axes) => x.max(axes));
}

/**
 * The mean of each channel over the whole volume: [N, D, H, W, C] → [N, C].
 * @throws ShapeError where inputs are no volumes.
 */
export function globalAveragePool3d(): Layer {
  return overall('globalAveragePool3d', 3, (x, axes) => x.mean(axes));
}

/**
 * The largest element of each channel over the whole volume: [N, D, H, W, C] → [N, C].
 * @throws ShapeError where inputs are no volumes.
 */
export function globalMaxPool3d(): Layer {
  return overall('globalMaxPool3d', 3, (x, axes) => x.max(axes));
}

function overall(
  type: string,
  axes: 1 | 2 | 3,
  reduce: (x: AnyTensor, axes: number[]) => AnyTensor,
): Layer {
  return new FunctionLayer(type, (x) => {
    channelsOf(type, axes, x.shape);
    return reduce(
      x,
      Array.from({ length: axes }, (_, i) => i + 1),
    );
  });
}
