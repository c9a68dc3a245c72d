import { requireNumber } from '../arguments.ts';
import { reduceBy } from '../tensor/ops/reductions.ts';
import type { AnyTensor } from '../tensor/tensor.ts';

/** The term, a scalar, by which the size of a weight adds to the loss. */
export interface Regularizer {
  (weight: AnyTensor): AnyTensor;
  /** Of those here: by what Σ |w| and Σ w² are multiplied. */
  readonly factors?: { readonly l1: number; readonly l2: number };
}

/**
 * factor · Σ |w|, as in Keras.
 * @throws ArgumentError where the factor is not 0 or more.
 */
export function l1(factor: number): Regularizer {
  requireNumber('l1', { factor }, { from: 0 });
  return Object.assign((weight: AnyTensor) => sum(weight.abs()).mul(factor), {
    factors: { l1: factor, l2: 0 },
  });
}

/**
 * factor · Σ w² (not its half), as in Keras.
 * @throws ArgumentError where the factor is not 0 or more.
 */
export function l2(factor: number): Regularizer {
  requireNumber('l2', { factor }, { from: 0 });
  return Object.assign((weight: AnyTensor) => sum(weight.square()).mul(factor), {
    factors: { l1: 0, l2: factor },
  });
}

/**
 * The sum of {@link l1} and {@link l2}: Zou & Hastie's elastic net, 2005.
 * @throws ArgumentError where a factor is not 0 or more.
 */
export function l1l2(l1Factor: number, l2Factor: number): Regularizer {
  const [first, second] = [l1(l1Factor), l2(l2Factor)];
  return Object.assign((weight: AnyTensor) => first(weight).add(second(weight)), {
    factors: { l1: l1Factor, l2: l2Factor },
  });
}

const sum = (x: AnyTensor) => reduceBy('sum', x, undefined);
