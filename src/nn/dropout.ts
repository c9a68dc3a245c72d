import { ArgumentError } from '../errors.ts';
import { dropout as drop } from '../tensor/ops/random.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import { Layer, type Mode } from './layer.ts';

class Dropout extends Layer {
  readonly type = 'dropout';
  private readonly rate: number;

  constructor(rate: number) {
    super();
    if (!(rate >= 0 && rate <= 1))
      throw new ArgumentError(`dropout: the rate ${rate} must lie between 0 and 1.`);
    this.rate = rate;
  }

  protected compute(x: AnyTensor, { training }: Mode): AnyTensor {
    return training ? drop(x, this.rate) : x;
  }
}

/** In training, sets elements to 0 with probability `rate` and scales the others up to match. */
export function dropout(rate: number): Layer {
  return new Dropout(rate);
}
