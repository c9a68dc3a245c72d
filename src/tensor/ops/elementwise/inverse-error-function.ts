import type { DType } from '../../../kernels/dtype.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { unaryFunction } from './unary-op.ts';

const inverseErrorFunction = unaryFunction('erfinv', {
  wgsl: (x) => `inverse_error(${x})`,
  functions: ['logarithm', 'inverseErrorFunction'],
  vjp: (g, _, y) => g.mul(y.square().exp()).mul(Math.sqrt(Math.PI) / 2),
  heavy: true,
});

/**
 * The number whose error function is x, in the shape and dtype of `x`: −∞ and ∞ at −1 and 1, NaN beyond. √2 times
 * that of 2p − 1 is the quantile p of the normal distribution.
 * @throws DTypeError where `x` is neither f32 nor f16.
 */
export function erfinv<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  return inverseErrorFunction(x) as Tensor<S, D>;
}
