import { requireNumber } from '../arguments.ts';
import { reduceBy } from '../tensor/ops/reductions.ts';
import type { AnyTensor } from '../tensor/tensor.ts';

/** The term, a scalar, by which the size of a weight adds to the loss. */
export type Regularizer = (weight: AnyTensor) => AnyTensor;

/**
 * factor · Σ |w|, as in Keras.
 * @throws ArgumentError where the factor is not 0 or more.
 */
export function l1(factor: number): Regularizer {
  requireNumber('l1', { factor }, { from: 0 });
  return (weight) => sum(weight.abs()).mul(factor);
}

/**
 * factor · Σ w² (not its half), as in Keras.
 * @throws ArgumentError where the factor is not 0 or more.
 */
export function l2(factor: number): Regularizer {
  requireNumber('l2', { factor }, { from: 0 });
  return (weight) => sum(weight.square()).mul(factor);
}

/**
 * The sum of {@link l1} and {@link l2}: Zou & Hastie's elastic net, 2005.
 * @throws ArgumentError where a factor is not 0 or more.
 */
export function l1l2(l1Factor: number, l2Factor: number): Regularizer {
  const [first, second] = [l1(l1Factor), l2(l2Factor)];
  return (weight) => first(weight).add(second(weight));
}

const sum = (x: AnyTensor) => reduceBy('sum', x, undefined);
