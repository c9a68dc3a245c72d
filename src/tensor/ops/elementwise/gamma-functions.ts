import { requireWhole } from '../../../arguments.ts';
import type { DType } from '../../../kernels/dtype.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { unaryFunction } from './unary-op.ts';

const logGammaOf = unaryFunction('lgamma', {
  wgsl: (x) => `log_gamma(${x})`,
  functions: ['logarithm', 'gamma'],
  vjp: (g, x) => g.mul(digammaOf(x)),
  heavy: true,
});

const digammaOf = unaryFunction('digamma', {
  wgsl: (x) => `digamma(${x})`,
  functions: ['logarithm', 'digamma'],
  vjp: (g, x) => g.mul(polygammaOf(1)(x)),
  heavy: true,
});

/** ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ · n! · ζ(n + 1, x) */
function polygammaOf(n: number): (x: AnyTensor) => AnyTensor {
  let factor = n % 2 === 0 ? -1 : 1;
  for (let k = 2; k <= n; k++) factor *= k;
  return unaryFunction(`polygamma${n}`, {
    wgsl: (x) => `${factor.toExponential()} * zeta(${n + 1}u, ${x})`,
    functions: ['zeta'],
    vjp: (g, x) => g.mul(polygammaOf(n + 1)(x)),
    heavy: true,
  });
}

/**
 * ln|Γ(x)|, in the shape and dtype of `x`; ∞ at 0 and the whole numbers below, as PyTorch's.
 * @throws DTypeError where `x` is neither f32 nor f16.
 */
export function lgamma<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  return logGammaOf(x) as Tensor<S, D>;
}

/**
 * The derivative of {@link lgamma}, ψ(x), in the shape and dtype of `x`; −∞ at 0, NaN at whole numbers
 * below.
 * @throws DTypeError where `x` is neither f32 nor f16.
 */
export function digamma<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  return digammaOf(x) as Tensor<S, D>;
}

/** Of higher ones f32 cannot hold the factorial. */
export const HIGHEST_ORDER = 20;

/**
 * The `n`-th derivative of {@link digamma}, in the shape and dtype of `x`; infinite at 0 and the whole
 * numbers below.
 * @throws ArgumentError where `n` is not a whole number from 0 to 20.
 * @throws DTypeError where `x` is neither f32 nor f16.
 */
export function polygamma<S extends Shape, D extends DType>(
  n: number,
  x: Tensor<S, D>,
): Tensor<S, D> {
  requireWhole('polygamma', { n }, { from: 0, to: HIGHEST_ORDER });
  return (n === 0 ? digammaOf(x) : polygammaOf(n)(x)) as Tensor<S, D>;
}
