import type { AnyTensor } from '../tensor/tensor.ts';
import { Layer } from './layer.ts';

class Flatten extends Layer {
  readonly type = 'flatten';

  protected compute(x: AnyTensor): AnyTensor {
    const features = x.shape.slice(1).reduce((a, b) => a * b, 1);
    return x.reshape([x.shape[0] as number, features]);
  }
}

/** All axes but the batch's in one: [N, ...] → [N, features]. */
export function flatten(): Layer {
  return new Flatten();
}
