import { ShapeError } from '../errors.ts';
import {
  avgPool2d as averagePool,
  maxPool2d as maximumPool,
  type Pool2dOptions,
} from '../tensor/ops/pooling.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import { Layer } from './layer.ts';

class Pool extends Layer {
  readonly type: string;
  private readonly pool: (x: AnyTensor) => AnyTensor;

  constructor(type: string, pool: (x: AnyTensor) => AnyTensor) {
    super();
    this.type = type;
    this.pool = pool;
  }

  protected compute(x: AnyTensor): AnyTensor {
    return this.pool(x);
  }
}

type Window = number | readonly [number, number];

/** The largest element of each window (default 2×2, not overlapping): [N, H, W, C] → [N, H', W', C]. */
export function maxPool2d(window: Window = 2, options: Omit<Pool2dOptions, 'window'> = {}): Layer {
  return new Pool('maxPool2d', (x) => maximumPool(x, { window, ...options }));
}

/** The mean of each window (default 2×2, not overlapping): [N, H, W, C] → [N, H', W', C]. */
export function avgPool2d(window: Window = 2, options: Omit<Pool2dOptions, 'window'> = {}): Layer {
  return new Pool('avgPool2d', (x) => averagePool(x, { window, ...options }));
}

/** The mean of each channel over the whole image: [N, H, W, C] → [N, C]. */
export function globalAveragePool2d(): Layer {
  return new Pool('globalAveragePool2d', (x) => {
    if (x.rank !== 4)
      throw new ShapeError(`globalAveragePool2d: needs images [N, H, W, C], got [${x.shape}].`);
    return x.mean([1, 2]);
  });
}
