import { requireChoice, requireOptions } from '../../../arguments.ts';
import { ArgumentError } from '../../../errors.ts';
import { concat } from '../../../tensor/ops/joining.ts';
import { flip, reshape } from '../../../tensor/ops/views.ts';
import { where } from '../../../tensor/ops/where.ts';
import type { Shape } from '../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Layer, type Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';
import { Recurrent, type RecurrentRun, type RunOptions } from './recurrent.ts';

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

/** A layer that reads sequences both ways. */
export class Bidirectional extends Layer {
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
    return this.merged(ahead, this.returnsSequences ? flip(back, [1]) : back);
  }

  /** Whether it gives the output of every step. */
  get returnsSequences(): boolean {
    return this.ahead.returnsSequences;
  }

  /**
   * Reads sequences [batch, length, features] both ways, over the steps that are there: the state is carried over
   * others as it is, and their outputs are 0, as in PyTorch's packed sequences and in Keras. A state is that of the
   * layer and then that of the other.
   * @throws ShapeError where they are no sequences, empty, or the state or mask does not fit.
   * @throws DTypeError where x is not f32 or the mask not bool.
   */
  run(x: AnyTensor, options: RunOptions = {}): RecurrentRun {
    requireOptions(this.type, options, ['initialState', 'mask', 'mode']);
    const { initialState, ...others } = options;
    const half = initialState && Math.ceil(initialState.length / 2);
    const ahead = this.ahead.run(x, { ...others, ...given(initialState?.slice(0, half)) });
    const back = this.back.run(x, { ...others, ...given(initialState?.slice(half)) });
    const { mask } = options;
    const inOrder = mask && this.ahead.goesBackwards ? flip(mask, [1]) : mask;
    const sequence = this.merged(
      shown(ahead.sequence, inOrder),
      shown(flip(back.sequence, [1]), inOrder),
    );
    const output = this.returnsSequences ? sequence : this.merged(ahead.output, back.output);
    return { sequence, state: [...ahead.state, ...back.state], output };
  }

  private merged(ahead: Tensor, back: Tensor): Tensor {
    return merges[this.mergeMode](ahead, back);
  }
}

function given(initialState: readonly AnyTensor[] | undefined) {
  return initialState ? { initialState } : {};
}

/** The outputs of the steps that are there, 0 for others. */
function shown(outputs: Tensor, mask: AnyTensor | undefined): Tensor {
  if (!mask) return outputs;
  const there = reshape(mask, [...mask.shape, 1]) as Tensor<Shape, 'bool'>;
  return where(there, outputs, 0) as Tensor;
}

/**
 * Reads sequences by a recurrent layer and by another of its kind from the end, and puts their outputs
 * together, place by place: [batch, length, features] → [batch, (length,) 2 · units], or `units` unless they
 * are joined (Schuster & Paliwal, "Bidirectional recurrent neural networks", 1997). Its method
 * `run(x, { initialState, mask })` gives the states too.
 * @throws ArgumentError where it is no recurrent layer.
 */
export function bidirectional(layer: Recurrent, options: BidirectionalOptions = {}): Bidirectional {
  return new Bidirectional(layer, options);
}
