import {
  avgPool2d as averagePool,
  maxPool2d as maximumPool,
  type Pool2dOptions,
} from '../../tensor/ops/pooling.ts';
import type { Layer } from '../layer.ts';
import { FunctionLayer } from './function-layer.ts';
import { imageShape } from './image-shape.ts';

type Window = number | readonly [number, number];

/** The largest element of each window (default 2×2, not overlapping): [N, H, W, C] → [N, H', W', C]. */
export function maxPool2d(
  window: Window = 2,
  options: Omit<Pool2dOptions, 'filterSize' | 'window'> = {},
): Layer {
  return new FunctionLayer('maxPool2d', (x) => maximumPool(x, { filterSize: window, ...options }));
}

/** The mean of each window (default 2×2, not overlapping): [N, H, W, C] → [N, H', W', C]. */
export function avgPool2d(
  window: Window = 2,
  options: Omit<Pool2dOptions, 'filterSize' | 'window'> = {},
): Layer {
  return new FunctionLayer('avgPool2d', (x) => averagePool(x, { filterSize: window, ...options }));
}

/** The mean of each channel over the whole image: [N, H, W, C] → [N, C]. */
export function globalAveragePool2d(): Layer {
  return new FunctionLayer('globalAveragePool2d', (x) => {
    imageShape('globalAveragePool2d', x.shape);
    return x.mean([1, 2]);
  });
}

/** The largest element of each channel over the whole image: [N, H, W, C] → [N, C]. */
export function globalMaxPool2d(): Layer {
  return new FunctionLayer('globalMaxPool2d', (x) => {
    imageShape('globalMaxPool2d', x.shape);
    return x.max([1, 2]);
  });
}
