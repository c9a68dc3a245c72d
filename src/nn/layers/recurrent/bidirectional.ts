import { requireChoice, requireOptions } from '../../../arguments.ts';
import { ArgumentError } from '../../../errors.ts';
import { concat } from '../../../tensor/ops/joining.ts';
import { flip } from '../../../tensor/ops/views.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Layer, type Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';
import { Recurrent } from './recurrent.ts';

const merges = {
  concat: (a: Tensor, b: Tensor) => concat([a, b], -1),
  sum: (a: Tensor, b: Tensor) => a.add(b),
  mul: (a: Tensor, b: Tensor) => a.mul(b),
  ave: (a: Tensor, b: Tensor) => a.add(b).mul(0.5),
};

export interface BidirectionalOptions {
  /** How the outputs of both directions become one. Default: 'concat'. */
  readonly mergeMode?: keyof typeof merges;
}

class Bidirectional extends Layer {
  readonly type = 'bidirectional';
  private readonly ahead: Recurrent;
  private readonly back: Recurrent;
  private readonly mergeMode: keyof typeof merges;

  constructor(layer: Recurrent, options: BidirectionalOptions) {
    super();
    requireOptions(this.type, options, ['mergeMode']);
    const { mergeMode = 'concat' } = options;
    requireChoice(this.type, { mergeMode }, Object.keys(merges));
    if (!(layer instanceof Recurrent)) {
      throw new ArgumentError('bidirectional: takes a recurrent layer, such as nn.lstm(32).');
    }
    this.ahead = layer;
    this.back = layer.reversed();
    if (!layer.trainable) this.back.trainable = false;
    this.mergeMode = mergeMode;
    noteSettings(this, { layer, mergeMode });
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    const [ahead, back] = [this.ahead.forward(x, mode), this.back.forward(x, mode)];
    const inOrder = this.ahead.returnsSequences ? flip(back, [1]) : back;
    return merges[this.mergeMode](ahead, inOrder);
  }
}

/**
 * Reads sequences by a recurrent layer and by another of its kind from the end, and puts their outputs
 * together, place by place: [batch, length, features] → [batch, (length,) 2 · units], or `units` unless they
 * are joined (Schuster & Paliwal, "Bidirectional recurrent neural networks", 1997).
 * @throws ArgumentError where it is no recurrent layer.
 */
export function bidirectional(layer: Recurrent, options: BidirectionalOptions = {}): Layer {
  return new Bidirectional(layer, options);
}
