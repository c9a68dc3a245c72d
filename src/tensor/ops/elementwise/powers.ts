import { zeros } from '../creation.ts';
import { where } from '../where.ts';
import { type BinaryRecord, like } from './binary-op.ts';
import { isNan } from './comparisons.ts';
import { FLOATS, SIGNED, type UnaryRecord, type Value } from './unary-op.ts';

export const ofOne = {
  /** √x */
  sqrt: {
    wgsl: (x) => `sqrt(${x})`,
    vjp: (g, _, y) => g.mul(0.5).div(y),
    heavy: true,
    domain: [0, 1e3],
  },
  /** 1 / √x */
  rsqrt: {
    wgsl: (x) => `inverseSqrt(${x})`,
    vjp: (g, x, y) => g.mul(-0.5).mul(y).div(x),
    heavy: true,
    domain: [0, 1e3],
  },
  /** eˣ */
  exp: { wgsl: (x) => `exp(${x})`, vjp: (g, _, y) => g.mul(y), heavy: true, domain: [-20, 20] },
  /** 2ˣ */
  exp2: {
    wgsl: (x) => `power_of_two(${x})`,
    functions: ['exponential', 'powerOfTwo'],
    vjp: (g, _, y) => g.mul(y).mul(Math.LN2),
    heavy: true,
    domain: [-30, 30],
  },
  /** eˣ − 1, without the cancellation near 0. */
  expm1: {
    wgsl: (x) => `exponential_minus_one(${x})`,
    functions: ['exponential'],
    // Not y + 1, which has no digits left where y is near −1.
    vjp: (g, x) => g.mul(x.exp()),
    heavy: true,
    domain: [-20, 20],
  },
  /** Natural logarithm. */
  log: {
    wgsl: (x) => `logarithm(${x})`,
    functions: ['logarithm'],
    vjp: (g, x) => g.div(x),
    heavy: true,
    domain: [0, 1e3],
  },
  /** Logarithm to base 2. */
  log2: {
    wgsl: (x) => `binary_logarithm(${x})`,
    functions: ['logarithm', 'logarithmBases'],
    vjp: (g, x) => g.mul(Math.LOG2E).div(x),
    heavy: true,
    domain: [0, 1e3],
  },
  /** Logarithm to base 10. */
  log10: {
    wgsl: (x) => `decimal_logarithm(${x})`,
    functions: ['logarithm', 'logarithmBases'],
    vjp: (g, x) => g.mul(Math.LOG10E).div(x),
    heavy: true,
    domain: [0, 1e3],
  },
  /** log(1 + x), without the cancellation near 0. */
  log1p: {
    wgsl: (x) => `logarithm_one_plus(${x})`,
    functions: ['logarithm'],
    vjp: (g, x) => g.div(x.add(1)),
    heavy: true,
    domain: [-1, 1e3],
  },
} satisfies Record<string, UnaryRecord>;

export const ofTwo = {
  /**
   * aᵇ with IEEE 754's values at its rims; NaN for a negative base with a fractional exponent. The
   * gradient of the exponent is 0 for bases of 0 and below. Of i32 it wraps around, and what a negative
   * exponent makes a fraction is cut off.
   */
  pow: {
    wgsl: (a, b, dtype) => (dtype === 'f32' ? `power(${a}, ${b})` : `whole_power(${a}, ${b})`),
    functions: ['power'],
    vjp: (g, a, b, y): [Value, Value] => {
      // The derivative of a⁰ = 1 is 0, also where a⁻¹ is infinite or no number.
      const falls = b.notEqual(0).logicalOr(a.abs().greater(0));
      const flat = a.lessEqual(0);
      return [
        g.mul(b).mul(a.pow(where(falls, b, like(b, 1)).sub(1))),
        where(flat, zeros(g.shape), g.mul(y).mul(where(flat, like(a, 1), a).log())),
      ];
    },
    accepts: SIGNED,
    heavy: true,
    domain: [
      [0.1, 10],
      [-3, 3],
    ],
  },
  /** log(eᵃ + eᵇ), without overflow. */
  logAddExp: {
    wgsl: (a, b) => `logarithm_of_sum(${a}, ${b})`,
    functions: ['exponential', 'softplus'],
    vjp: (g, a, b) => [g.mul(a.sub(b).sigmoid()), g.mul(b.sub(a).sigmoid())],
    accepts: FLOATS,
    heavy: true,
  },
  /** a · log(b), and 0 where a is 0 and b a number. */
  xlogy: {
    wgsl: (a, b) =>
      `select(${a} * logarithm(${b}), vec4<f32>(), (${a} == vec4<f32>()) & !(${isNan(b)}))`,
    functions: ['logarithm'],
    vjp: (g, a, b): [Value, Value] => [
      where(a.equal(0).logicalAnd(b.lessEqual(0)), zeros(g.shape), g.xlogy(b)),
      g.mul(a).div(b),
    ],
    accepts: FLOATS,
    heavy: true,
    domain: [
      [-3, 3],
      [0.1, 10],
    ],
  },
} satisfies Record<string, BinaryRecord>;
