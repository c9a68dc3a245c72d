import { requireNumber } from '../../../arguments.ts';
import { ArgumentError } from '../../../errors.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import { Layer, type Mode } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { Bidirectional } from './bidirectional.ts';
import { Recurrent } from './recurrent.ts';

/**
 * Which steps of sequences are there: those of which any feature is another number than `value`, [batch, length,
 * features] → bool [batch, length]. Of whole numbers [batch, length], such as words before they are embedded, those
 * that are others.
 * @throws ArgumentError where the value is not finite.
 */
export function stepMask(value = 0): Layer {
  requireNumber('stepMask', { value });
  return new FunctionLayer('stepMask', (x) => {
    const differs = x.notEqual(value);
    return differs.rank < 3 ? differs : differs.any(-1);
  });
}

class Masked extends Layer<readonly [AnyTensor, AnyTensor]> {
  readonly type = 'masked';
  override readonly takes = 'several';
  private readonly layer: Recurrent | Bidirectional;

  constructor(layer: Recurrent | Bidirectional) {
    super();
    if (!(layer instanceof Recurrent || layer instanceof Bidirectional)) {
      throw new ArgumentError('masked: takes a recurrent layer, such as nn.lstm(32).');
    }
    this.layer = layer;
  }

  protected compute([x, mask]: readonly [AnyTensor, AnyTensor], mode: Mode): AnyTensor {
    return this.layer.run(x, { mask, mode }).output;
  }
}

/**
 * A recurrent layer, or one that reads both ways, that is called with sequences and a mask of the steps that are
 * there, for models of symbolic values: `nn.masked(nn.lstm(32)).apply([x, nn.stepMask().apply(x)])`. Over steps
 * that are hidden the state is carried as it is; the outputs of both ways are 0 there.
 * @throws ArgumentError where it is no recurrent layer.
 */
export function masked(layer: Recurrent | Bidirectional): Layer<readonly [AnyTensor, AnyTensor]> {
  return new Masked(layer);
}
