import { erf, erfc, erfinv } from './error-function.ts';
import { digamma, lgamma, polygamma } from './gamma-functions.ts';

const truth = (condition: boolean): number => (condition ? 1 : 0);

export const sigmoid = (x: number): number =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));

export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const elu = (x: number, alpha = 1): number => (x > 0 ? x : alpha * Math.expm1(x));

export const leakyRelu = (x: number, slope = 0.01): number => (x > 0 ? x : slope * x);

/** To the nearest integer, halves to the even one. */
export const roundHalfToEven = (x: number): number =>
  x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);

/** The remainder with the divisor's sign, as NumPy's `mod`, also of zeros. */
export function mod(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** IEEE 754's power: where JavaScript's `**` has NaN for a base of 1 or −1, it is 1. */
export function pow(a: number, b: number): number {
  const one = a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY);
  return one ? 1 : a ** b;
}

/** The power of two i32, wrapped around; of negative exponents what is whole, 0 of 0. */
export function wholePower(a: number, b: number): number {
  if (b < 0) return Math.abs(a) === 1 ? a ** b : 0;
  let product = 1;
  for (let k = 0; k < b; k++) product = Math.imul(product, a);
  return product;
}

/** x times a share, which goes to 0 faster than x to −∞. */
const gated = (x: number, share: number): number =>
  x === Number.NEGATIVE_INFINITY ? -0 : x * share;

/** Python's `//` of floats: NaN of ∞, and of finite numbers that of the exact quotient. */
export function floorDiv(a: number, b: number): number {
  if (b === 0) return a / b;
  if (!Number.isFinite(a) || Number.isNaN(b)) return Number.NaN;
  if (Number.isFinite(b)) return Math.floor(a / b);
  return a !== 0 && a < 0 !== b < 0 ? -1 : 0 * Math.sign(a || Math.sign(1 / a)) * Math.sign(b);
}

const selu = (x: number): number => 1.0507009873554805 * elu(x, 1.6732632423543772);
const relu6 = (x: number): number => Math.min(Math.max(x, 0), 6);

/** Functions of one number; truth values are 0 and 1. */
export const unary: Record<string, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: (x) => Math.sign(x) || 0,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  erfc,
  erfinv,
  lgamma,
  digamma,
  polygamma: (x) => polygamma(1, x),
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundHalfToEven,
  sigmoid,
  logSigmoid: (x) => -softplus(-x),
  relu: (x) => Math.max(x, 0),
  relu6,
  leakyRelu: (x) => leakyRelu(x),
  elu: (x) => elu(x),
  selu,
  softplus,
  softsign: (x) =>
    Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) : x / (1 + Math.abs(x)),
  silu: (x) => gated(x, sigmoid(x)),
  mish: (x) => gated(x, Math.tanh(softplus(x))),
  gelu: (x) => gated(x, 0.5 * erfc(-x / Math.SQRT2)),
  // (1 + tanh(u)) / 2 = sigmoid(2u), which does not cancel.
  geluTanh: (x) => gated(x, sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSigmoid: (x) => relu6(x + 3) / 6,
  hardSwish: (x) => gated(x, relu6(x + 3) / 6),
  hardTanh: (x) => Math.min(Math.max(x, -1), 1),
  frac: (x) => x - Math.trunc(x),
  bitwiseNot: (x) => ~x,
  logicalNot: (x) => truth(x === 0),
  isNan: (x) => truth(Number.isNaN(x)),
  isFinite: (x) => truth(Number.isFinite(x)),
  isInf: (x) => truth(Math.abs(x) === Number.POSITIVE_INFINITY),
};

/** Functions of two numbers; truth values are 0 and 1, and what is not 0 is true. */
export const binary: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  divNoNan: (a, b) => (b === 0 ? 0 : a / b),
  floorDiv,
  fmod: (a, b) => a % b,
  pow,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  mod,
  atan2: Math.atan2,
  hypot: Math.hypot,
  logAddExp: (a, b) =>
    a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))),
  xlogy: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b)),
  squaredDifference: (a, b) => (a - b) ** 2,
  bitwiseAnd: (a, b) => a & b,
  bitwiseOr: (a, b) => a | b,
  bitwiseXor: (a, b) => a ^ b,
  bitwiseLeftShift: (a, b) => a << b,
  bitwiseRightShift: (a, b) => a >> b,
  equal: (a, b) => truth(a === b),
  notEqual: (a, b) => truth(a !== b),
  less: (a, b) => truth(a < b),
  lessEqual: (a, b) => truth(a <= b),
  greater: (a, b) => truth(a > b),
  greaterEqual: (a, b) => truth(a >= b),
  logicalAnd: (a, b) => truth(a !== 0 && b !== 0),
  logicalOr: (a, b) => truth(a !== 0 || b !== 0),
  logicalXor: (a, b) => truth((a !== 0) !== (b !== 0)),
};
