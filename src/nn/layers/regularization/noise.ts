import { requireNumber } from '../../../arguments.ts';
import { normal } from '../../../tensor/random/distributions.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';

/**
 * In training, adds normal noise of mean 0 and standard deviation `std` to each element, f32.
 * @throws ArgumentError where `std` is below 0.
 */
export function gaussianNoise(std: number): Layer {
  requireNumber('gaussianNoise', { std }, { from: 0 });
  return new FunctionLayer(
    'gaussianNoise',
    (x, { training }) => (training ? x.add(normal(x.shape, { std })) : x),
    { std },
  );
}

/**
 * In training, multiplies each element by normal noise of mean 1 whose variance is that of dropout,
 * rate / (1 − rate) (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
 * 2014, section 10), f32.
 * @throws ArgumentError where the rate is not from 0 up to 1, 1 excluded.
 */
export function gaussianDropout(rate: number): Layer {
  requireNumber('gaussianDropout', { rate }, { from: 0, below: 1 });
  const noise = { mean: 1, std: Math.sqrt(rate / (1 - rate)) };
  return new FunctionLayer(
    'gaussianDropout',
    (x, { training }) => (training ? x.mul(normal(x.shape, noise)) : x),
    { rate },
  );
}
