import { requireOptions } from '../../../arguments.ts';
import {
  type AvgPool3dOptions,
  avgPool3d as averagePool,
  maxPool3d as maximumPool,
  type Pool3dOptions,
} from '../../../tensor/ops/pooling/pool3d.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { sizesAlong } from '../reshaping/image-shape.ts';

type Size = number | readonly [number, number, number];

/**
 * The largest element of each window of `poolSize` (depth, height and width, or one number
 * for all; default 2, not overlapping):
 * [N, D, H, W, C] → [N, D', H', W', C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no volumes or no window fits.
 */
export function maxPool3d(
  poolSize: Size = 2,
  options: Omit<Pool3dOptions, 'filterSize'> = {},
): Layer {
  requireOptions('maxPool3d', options, ['strides', 'dilations', 'padding', 'dimRoundingMode']);
  sizesAlong('maxPool3d', 'poolSize', 3, poolSize);
  return new FunctionLayer(
    'maxPool3d',
    (x) => maximumPool(x, { filterSize: poolSize, ...options }),
    { poolSize, ...options },
  );
}

/**
 * The mean of each window of `poolSize` (depth, height and width, or one number
 * for all; default 2, not overlapping):
 * [N, D, H, W, C] → [N, D', H', W', C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no volumes or no window fits.
 */
export function avgPool3d(
  poolSize: Size = 2,
  options: Omit<AvgPool3dOptions, 'filterSize'> = {},
): Layer {
  const known = ['strides', 'dilations', 'padding', 'dimRoundingMode', 'countIncludePad'] as const;
  requireOptions('avgPool3d', options, known);
  sizesAlong('avgPool3d', 'poolSize', 3, poolSize);
  return new FunctionLayer(
    'avgPool3d',
    (x) => averagePool(x, { filterSize: poolSize, ...options }),
    { poolSize, ...options },
  );
}
