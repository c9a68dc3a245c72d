import { softmax } from '../tensor/ops/softmax.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import { Layer } from './layer.ts';

/** The name of an activation, or a function of one's own. */
export type Activation = keyof typeof named | ((x: AnyTensor) => AnyTensor);

const named = {
  linear: (x: AnyTensor) => x,
  relu: (x: AnyTensor) => x.relu(),
  sigmoid: (x: AnyTensor) => x.sigmoid(),
  tanh: (x: AnyTensor) => x.tanh(),
  softplus: (x: AnyTensor) => x.softplus(),
  softmax: (x: AnyTensor) => softmax(x),
};

/** Applies an activation given by name or as a function. */
export function activate(x: AnyTensor, activation: Activation = 'linear'): AnyTensor {
  return typeof activation === 'function' ? activation(x) : named[activation](x);
}

class ActivationLayer extends Layer {
  readonly type: string;
  private readonly activation: Activation;

  constructor(activation: Activation) {
    super();
    this.activation = activation;
    this.type = typeof activation === 'string' ? activation : 'activation';
  }

  protected compute(x: AnyTensor): AnyTensor {
    return activate(x, this.activation);
  }
}

/** A layer that applies a function element by element (softmax: along the last axis). */
export function activation(function_: Activation): Layer {
  return new ActivationLayer(function_);
}
