import { shown } from '../../../arguments.ts';
import { ArgumentError } from '../../../errors.ts';
import { nearestName } from '../../../nearest-name.ts';
import { logSoftmax, softmax } from '../../../tensor/ops/softmax.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Mode } from '../../layer.ts';
import { inHalves } from '../../precision.ts';

/** The name of an activation, or a function of one's own. */
export type Activation = keyof typeof named | ((x: AnyTensor) => AnyTensor);

const named = {
  linear: (x: AnyTensor) => x,
  relu: (x: AnyTensor) => x.relu(),
  relu6: (x: AnyTensor) => x.relu6(),
  leakyRelu: (x: AnyTensor) => x.leakyRelu(),
  elu: (x: AnyTensor) => x.elu(),
  selu: (x: AnyTensor) => x.selu(),
  celu: (x: AnyTensor) => x.celu(),
  gelu: (x: AnyTensor) => x.gelu(),
  geluTanh: (x: AnyTensor) => x.geluTanh(),
  silu: (x: AnyTensor) => x.silu(),
  mish: (x: AnyTensor) => x.mish(),
  hardSwish: (x: AnyTensor) => x.hardSwish(),
  sigmoid: (x: AnyTensor) => x.sigmoid(),
  logSigmoid: (x: AnyTensor) => x.logSigmoid(),
  hardSigmoid: (x: AnyTensor) => x.hardSigmoid(),
  tanh: (x: AnyTensor) => x.tanh(),
  hardTanh: (x: AnyTensor) => x.hardTanh(),
  softplus: (x: AnyTensor) => x.softplus(),
  softsign: (x: AnyTensor) => x.softsign(),
  exponential: (x: AnyTensor) => x.exp(),
  softmax: (x: AnyTensor) => softmax(x),
  logSoftmax: (x: AnyTensor) => logSoftmax(x),
};

/** They sum up a row, which f16 is too coarse for. */
const ALONG_ROWS: readonly Activation[] = ['softmax', 'logSoftmax'];

/** @throws ArgumentError where there is none of that name. */
export function functionOf(activation: Activation): (x: AnyTensor) => AnyTensor {
  if (typeof activation === 'function') return activation;
  if (Object.hasOwn(named, activation)) return named[activation];
  const there = Object.keys(named);
  const nearest = nearestName(String(activation), there);
  throw new ArgumentError(
    `activation: there is no ${shown(activation)}. There are ${there.join(', ')}, or give a function.${nearest ? ` Did you mean '${nearest}'?` : ''}`,
  );
}

/**
 * Applies an activation given by name or as a function. Where layers store f16, it is that to which those
 * are applied that take it, so that their gradients are found from what is stored.
 * @throws ArgumentError where there is none of that name.
 */
export function activate(
  x: AnyTensor,
  { precision }: Mode,
  activation: Activation = 'linear',
): AnyTensor {
  const apply = functionOf(activation);
  if (precision !== 'f16') return apply(x);
  const takesHalves = typeof activation === 'string' && !ALONG_ROWS.includes(activation);
  return apply(takesHalves ? inHalves(x) : inHalves(x).cast('f32'));
}
