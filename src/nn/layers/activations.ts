import {
  requireChoice,
  requireNumber,
  requireOptions,
  requireWhole,
  shown,
} from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { nearestName } from '../../nearest-name.ts';
import { softmax as softmaxAlong } from '../../tensor/ops/softmax.ts';
import { where } from '../../tensor/ops/where.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer, Mode } from '../layer.ts';
import { inHalves } from '../precision.ts';
import { FunctionLayer } from './function-layer.ts';

/** The name of an activation, or a function of one's own. */
export type Activation = keyof typeof named | ((x: AnyTensor) => AnyTensor);

const named = {
  linear: (x: AnyTensor) => x,
  relu: (x: AnyTensor) => x.relu(),
  leakyRelu: (x: AnyTensor) => leak(x, 0.01),
  elu: (x: AnyTensor) => x.elu(),
  gelu: (x: AnyTensor) => x.gelu(),
  geluTanh: (x: AnyTensor) => x.geluTanh(),
  silu: (x: AnyTensor) => x.silu(),
  sigmoid: (x: AnyTensor) => x.sigmoid(),
  tanh: (x: AnyTensor) => x.tanh(),
  softplus: (x: AnyTensor) => x.softplus(),
  logSigmoid: (x: AnyTensor) => x.logSigmoid(),
  softmax: (x: AnyTensor) => softmaxAlong(x),
};

function leak(x: AnyTensor, slope: number): AnyTensor {
  return where(x.greater(0), x, x.mul(slope));
}

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
  const takesHalves = typeof activation === 'string' && activation !== 'softmax';
  return apply(takesHalves ? inHalves(x) : inHalves(x).cast('f32'));
}

/**
 * A layer that applies a function element by element (softmax: along the last axis).
 * @throws ArgumentError where there is none of that name.
 */
export function activation(function_: Activation): Layer {
  const type = typeof function_ === 'string' ? function_ : 'activation';
  functionOf(function_);
  return new FunctionLayer(type, (x, mode) => activate(x, mode, function_));
}

/** max(x, 0) */
export const relu = (): Layer => activation('relu');

/** 1 / (1 + e⁻ˣ) */
export const sigmoid = (): Layer => activation('sigmoid');

/** Hyperbolic tangent. */
export const tanh = (): Layer => activation('tanh');

/** log(1 + eˣ) */
export const softplus = (): Layer => activation('softplus');

/** log(1 / (1 + e⁻ˣ)) */
export const logSigmoid = (): Layer => activation('logSigmoid');

/** x · sigmoid(x), also called swish. */
export const silu = (): Layer => activation('silu');

/** eˣ / Σ eˣ along an axis, the last if none is given. */
export const softmax = (axis = -1): Layer => {
  requireWhole('softmax', { axis });
  return new FunctionLayer('softmax', (x) => softmaxAlong(x, axis));
};

/** x above 0, slope · x below. The slope is 0.01 if left out, as in PyTorch. */
export const leakyRelu = (slope = 0.01): Layer => {
  requireNumber('leakyRelu', { slope });
  return new FunctionLayer('leakyRelu', (x) => leak(x, slope));
};

/** x above 0, alpha · (eˣ − 1) below (Clevert et al., 2016). */
export const elu = (alpha = 1): Layer => {
  requireNumber('elu', { alpha });
  return new FunctionLayer('elu', (x) => leak(x.elu(), alpha));
};

export interface GeluOptions {
  /** 'tanh': ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), at most 5e-4 off. Default: exact, by erf. */
  readonly approximate?: 'none' | 'tanh';
}

/**
 * x · Φ(x), with Φ the normal distribution function (Hendrycks & Gimpel, "Gaussian error linear
 * units", 2016): ½ x (1 + erf(x / √2)), relatively exact also where it is near 0 (docs/accuracy.md).
 */
export const gelu = (options: GeluOptions = {}): Layer => {
  requireOptions('gelu', options, ['approximate']);
  const { approximate = 'none' } = options;
  requireChoice('gelu', { approximate }, ['none', 'tanh']);
  return activation(approximate === 'tanh' ? 'geluTanh' : 'gelu');
};
