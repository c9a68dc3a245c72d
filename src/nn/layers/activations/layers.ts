import { requireChoice, requireNumber, requireOptions, requireWhole } from '../../../arguments.ts';
import { softmax as softmaxAlong } from '../../../tensor/ops/softmax.ts';
import { where } from '../../../tensor/ops/where.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { type Activation, activate, functionOf } from './named.ts';

/**
 * A layer that applies a function element by element (softmax and logSoftmax: along the last axis).
 * @throws ArgumentError where there is none of that name.
 */
export function activation(function_: Activation): Layer {
  const type = typeof function_ === 'string' ? function_ : 'activation';
  functionOf(function_);
  return new FunctionLayer(type, (x, mode) => activate(x, mode, function_), {
    activation: function_,
  });
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
  return new FunctionLayer('softmax', (x) => softmaxAlong(x, axis), { axis });
};

/** x above 0, slope · x below. The slope is 0.01 if left out, as in PyTorch. */
export const leakyRelu = (slope = 0.01): Layer => {
  requireNumber('leakyRelu', { slope });
  return new FunctionLayer('leakyRelu', (x) => x.leakyRelu(slope), { slope });
};

/** x above 0, alpha · (eˣ − 1) below (Clevert et al., 2016). */
export const elu = (alpha = 1): Layer => {
  requireNumber('elu', { alpha });
  return new FunctionLayer('elu', (x) => x.elu().leakyRelu(alpha), { alpha });
};

/**
 * x above 0, alpha · (e^(x / alpha) − 1) below, whose slope has no step at 0 (Barron, "Continuously
 * differentiable exponential linear units", 2017).
 */
export const celu = (alpha = 1): Layer => {
  requireNumber('celu', { alpha }, { above: 0 });
  return new FunctionLayer('celu', (x) => x.celu(alpha));
};

/** x above theta, 0 elsewhere (Konda et al., "Zero-bias autoencoders", 2015). */
export const thresholdedRelu = (theta = 1): Layer => {
  requireNumber('thresholdedRelu', { theta }, { from: 0 });
  return new FunctionLayer('thresholdedRelu', (x) => where(x.lessEqual(theta), 0, x), { theta });
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
