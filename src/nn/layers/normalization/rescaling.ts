import { requireNumber } from '../../../arguments.ts';
import { cast } from '../../../tensor/ops/cast.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';

/**
 * x · scale + offset, as f32: `nn.rescaling(1 / 127.5, -1)` makes −1 … 1 of pixels 0 … 255, of any
 * dtype.
 * @throws ArgumentError where a number is not finite.
 */
export function rescaling(scale: number, offset = 0): Layer {
  requireNumber('rescaling', { scale, offset });
  return new FunctionLayer('rescaling', (x) => cast(x, 'f32').mul(scale).add(offset), {
    ...{ scale, offset },
  });
}
