import { requireOptions } from '../../arguments.ts';
import {
  avgPool2d as averagePool,
  maxPool2d as maximumPool,
  type Pool2dOptions,
} from '../../tensor/ops/pooling.ts';
import type { Layer } from '../layer.ts';
import { FunctionLayer } from './function-layer.ts';
import { imageShape, pairOf } from './image-shape.ts';

type Size = number | readonly [number, number];

type Options = Omit<Pool2dOptions, 'filterSize' | 'window'>;

/**
 * The largest element of each window of `poolSize` (height and width, or one number for both;
 * default 2×2, not overlapping): [N, H, W, C] → [N, H', W', C].
 * @throws ShapeError where a size is not a whole number above 0, inputs are no images or no window fits.
 */
export function maxPool2d(poolSize: Size = 2, options: Options = {}): Layer {
  requireOptions('maxPool2d', options, ['strides', 'padding']);
  pairOf('maxPool2d', 'poolSize', poolSize);
  return new FunctionLayer('maxPool2d', (x) =>
    maximumPool(x, { filterSize: poolSize, ...options }),
  );
}

/**
 * The mean of each window of `poolSize` (height and width, or one number for both; default 2×2, not
 * overlapping): [N, H, W, C] → [N, H', W', C].
 * @throws ShapeError where a size is not a whole number above 0, inputs are no images or no window fits.
 */
export function avgPool2d(poolSize: Size = 2, options: Options = {}): Layer {
  requireOptions('avgPool2d', options, ['strides', 'padding']);
  pairOf('avgPool2d', 'poolSize', poolSize);
  return new FunctionLayer('avgPool2d', (x) =>
    averagePool(x, { filterSize: poolSize, ...options }),
  );
}

/**
 * The mean of each channel over the whole image: [N, H, W, C] → [N, C].
 * @throws ShapeError where inputs are no images.
 */
export function globalAveragePool2d(): Layer {
  return new FunctionLayer('globalAveragePool2d', (x) => {
    imageShape('globalAveragePool2d', x.shape);
    return x.mean([1, 2]);
  });
}

/**
 * The largest element of each channel over the whole image: [N, H, W, C] → [N, C].
 * @throws ShapeError where inputs are no images.
 */
export function globalMaxPool2d(): Layer {
  return new FunctionLayer('globalMaxPool2d', (x) => {
    imageShape('globalMaxPool2d', x.shape);
    return x.max([1, 2]);
  });
}
