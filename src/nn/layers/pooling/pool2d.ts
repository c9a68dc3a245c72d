import { requireOptions } from '../../../arguments.ts';
import {
  type AvgPool2dOptions,
  avgPool2d as averagePool,
  maxPool2d as maximumPool,
  type Pool2dOptions,
} from '../../../tensor/ops/pooling/pool2d.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { sizesAlong } from '../reshaping/image-shape.ts';

type Size = number | readonly [number, number];

/**
 * The largest element of each window of `poolSize` (height and width, or one number for both;
 * default 2×2, not overlapping):
 * [N, H, W, C] → [N, H', W', C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no images or no window fits.
 */
export function maxPool2d(
  poolSize: Size = 2,
  options: Omit<Pool2dOptions, 'filterSize' | 'window'> = {},
): Layer {
  requireOptions('maxPool2d', options, ['strides', 'dilations', 'padding', 'dimRoundingMode']);
  sizesAlong('maxPool2d', 'poolSize', 2, poolSize);
  return new FunctionLayer(
    'maxPool2d',
    (x) => maximumPool(x, { filterSize: poolSize, ...options }),
    { poolSize, ...options },
  );
}

/**
 * The mean of each window of `poolSize` (height and width, or one number for both;
 * default 2×2, not overlapping):
 * [N, H, W, C] → [N, H', W', C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no images or no window fits.
 */
export function avgPool2d(
  poolSize: Size = 2,
  options: Omit<AvgPool2dOptions, 'filterSize' | 'window'> = {},
): Layer {
  const known = ['strides', 'dilations', 'padding', 'dimRoundingMode', 'countIncludePad'] as const;
  requireOptions('avgPool2d', options, known);
  sizesAlong('avgPool2d', 'poolSize', 2, poolSize);
  return new FunctionLayer(
    'avgPool2d',
    (x) => averagePool(x, { filterSize: poolSize, ...options }),
    { poolSize, ...options },
  );
}
