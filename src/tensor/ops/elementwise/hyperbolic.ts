import { ones } from '../creation.ts';
import { within } from './tails.ts';
import { type UnaryRecord, unaryFunction } from './unary-op.ts';

export const ofOne = {
  /** Hyperbolic sine. */
  sinh: {
    wgsl: (x) => `hyperbolic_sine(${x})`,
    functions: ['exponential', 'hyperbolic'],
    vjp: (g, x) => g.mul(x.cosh()),
    heavy: true,
    domain: [-20, 20],
  },
  /** Hyperbolic cosine. */
  cosh: {
    wgsl: (x) => `hyperbolic_cosine(${x})`,
    functions: ['exponential', 'hyperbolic'],
    vjp: (g, x) => g.mul(x.sinh()),
    heavy: true,
    domain: [-20, 20],
  },
  /** Hyperbolic tangent. */
  tanh: {
    wgsl: (x) => `hyperbolic_tangent(${x})`,
    functions: ['exponential', 'tanh'],
    vjp: (g, _, y) => g.mul(ones(y.shape).sub(y.square())),
    heavy: true,
  },
  /** Inverse hyperbolic sine. */
  asinh: {
    wgsl: (x) => `area_sine(${x})`,
    functions: ['logarithm', 'inverseHyperbolic'],
    vjp: (g, x) => g.mul(asinhSlope(x)),
    heavy: true,
  },
  /** Inverse hyperbolic cosine. */
  acosh: {
    wgsl: (x) => `area_cosine(${x})`,
    functions: ['logarithm', 'inverseHyperbolic'],
    vjp: (g, x) => g.mul(acoshSlope(x)),
    heavy: true,
    domain: [1, 1e3],
  },
  /** Inverse hyperbolic tangent. */
  atanh: {
    wgsl: (x) => `area_tangent(${x})`,
    functions: ['logarithm', 'inverseHyperbolic'],
    vjp: (g, x) => g.div(x.neg().add(1).mul(x.add(1))),
    heavy: true,
    domain: [-1, 1],
  },
} satisfies Record<string, UnaryRecord>;

/** 1 / √(x² + 1) */
const asinhSlope = slope('asinhSlope', (x) => `${x} * ${x} + 1.0`);

/** 1 / √(x² − 1), whose difference is exact near 1. */
const acoshSlope = slope('acoshSlope', (x) => `(${x} - 1.0) * (${x} + 1.0)`);

/** 1 / √(x² ± 1): far out, where the square would overflow, 1 / |x|. Its derivative is −x times its cube. */
function slope(name: string, square: (x: string) => string) {
  return unaryFunction(name, {
    wgsl: (x) => `select(inverseSqrt(${square(x)}), 1.0 / abs(${x}), abs(${x}) > vec4<f32>(1e10))`,
    vjp: (g, x, y) =>
      g
        .mul(y.square())
        .mul(y.mul(within(x)))
        .neg(),
    heavy: true,
  });
}
