import type { Activation } from '../../nn/layers/activations/named.ts';

const named: Readonly<Record<string, Activation>> = {
  elu: 'elu',
  exponential: 'exponential',
  gelu: 'gelu',
  gelu_new: 'geluTanh',
  leaky_relu: (x) => x.leakyRelu(0.2),
  linear: 'linear',
  log_sigmoid: 'logSigmoid',
  log_softmax: 'logSoftmax',
  mish: 'mish',
  relu: 'relu',
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  // In Keras 2 this is its only name.
  swish: 'silu',
  silu: 'silu',
  tanh: 'tanh',
};

/** The slope of x in the hard sigmoid changed from a fifth to a sixth with Keras 3. */
const hardSigmoids: Readonly<Record<2 | 3, Activation>> = {
  2: (x) => x.mul(0.2).add(0.5).maximum(0).minimum(1),
  3: 'hardSigmoid',
};

/** An activation by its name in Keras, in snake_case or camelCase; undefined where there is none. */
export function activationOf(name: string, keras: 2 | 3): Activation | undefined {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake === 'hard_sigmoid' ? hardSigmoids[keras] : named[snake];
}

/** What Keras calls an activation; undefined where it has none like it. */
export function nameOfActivation(activation: unknown, keras: 2 | 3): string | undefined {
  const all = { ...named, hard_sigmoid: hardSigmoids[keras] };
  return Object.entries(all).find(([, ours]) => ours === activation)?.[0];
}
