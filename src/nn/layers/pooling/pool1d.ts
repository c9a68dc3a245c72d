import { requireOptions } from '../../../arguments.ts';
import {
  type AvgPool1dOptions,
  avgPool1d as averagePool,
  maxPool1d as maximumPool,
  type Pool1dOptions,
} from '../../../tensor/ops/pooling/pool1d.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { sizesAlong } from '../reshaping/image-shape.ts';

type Size = number;

/**
 * The largest element of each window of `poolSize` elements (default 2, not
 * overlapping):
 * [N, L, C] → [N, L', C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no sequences or no window fits.
 */
export function maxPool1d(
  poolSize: Size = 2,
  options: Omit<Pool1dOptions, 'filterSize'> = {},
): Layer {
  requireOptions('maxPool1d', options, ['strides', 'dilations', 'padding', 'dimRoundingMode']);
  sizesAlong('maxPool1d', 'poolSize', 1, poolSize);
  return new FunctionLayer(
    'maxPool1d',
    (x) => maximumPool(x, { filterSize: poolSize, ...options }),
    { poolSize, ...options },
  );
}

/**
 * The mean of each window of `poolSize` elements (default 2, not
 * overlapping):
 * [N, L, C] → [N, L', C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no sequences or no window fits.
 */
export function avgPool1d(
  poolSize: Size = 2,
  options: Omit<AvgPool1dOptions, 'filterSize'> = {},
): Layer {
  const known = ['strides', 'dilations', 'padding', 'dimRoundingMode', 'countIncludePad'] as const;
  requireOptions('avgPool1d', options, known);
  sizesAlong('avgPool1d', 'poolSize', 1, poolSize);
  return new FunctionLayer(
    'avgPool1d',
    (x) => averagePool(x, { filterSize: poolSize, ...options }),
    { poolSize, ...options },
  );
}
