import { sizeOf } from '../../../tensor/shape.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';

/** All axes but the batch's in one: [N, ...] → [N, features]. */
export function flatten(): Layer {
  return new FunctionLayer('flatten', (x) => {
    const features = x.shape.slice(1).reduce((a, b) => a * b, 1);
    return x.reshape([sizeOf(x.shape, 0), features]);
  });
}
