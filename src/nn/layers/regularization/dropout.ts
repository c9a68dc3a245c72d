import { requireNumber } from '../../../arguments.ts';
import { dropout as drop } from '../../../tensor/ops/dropout.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';

/**
 * In training, sets elements to 0 with probability `rate` and scales the others up to match.
 * @throws ArgumentError where the rate is not from 0 to 1.
 */
export function dropout(rate: number): Layer {
  requireNumber('dropout', { rate }, { from: 0, to: 1 });
  return new FunctionLayer('dropout', (x, { training }) => (training ? drop(x, rate) : x), {
    rate,
  });
}
