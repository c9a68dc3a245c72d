import { binary, sigmoid } from '../../reference/elementwise.ts';
import { digamma, lgamma } from '../../reference/gamma-functions.ts';
import { unit } from './units.ts';

/** How far a result may be from the exact one of its operands, and how a page says it. */
export interface Bound {
  readonly text: string;
  /** In units in the last place, for an operand (or two); nothing is promised where it is infinite. */
  readonly units: (x: number, y: number) => number;
  /** In absolute terms, where that is what is promised. */
  readonly absolute?: number;
}

const logAddExp = binary.logAddExp!;

const EXACT: Bound = { text: 'exact', units: () => 0 };
const ROUNDED: Bound = { text: '½', units: () => 0.5 };
const units = (most: number): Bound => ({ text: String(most), units: () => most });

/** WGSL bounds sine and cosine by 2⁻¹¹ from −π to π, and says nothing of other angles. */
const nearAngle = (text: string, reach: number, absolute: number): Bound => ({
  text,
  units: (x) => (Math.abs(x) <= reach ? 0 : Number.POSITIVE_INFINITY),
  absolute,
});
const sine = nearAngle('2⁻¹¹ absolutely, from −π to π', Math.PI, 2 ** -11);

const cubic: Bound = { text: '4 + 2·x²', units: (x) => 4 + 2 * x * x };
/** A product with a share of which little is left below 2⁻¹²⁶. */
const orTiny = (bound: Bound, power: string, absolute: number): Bound => ({
  ...bound,
  text: `${bound.text}, and 2⁻${power} absolutely`,
  absolute,
});

/** log2 is within 3 units, or 2⁻²¹ near 1; exp2(t) within 3 + 2·|t|. */
function inheritedPower(base: number, power: number): number {
  const log = Math.log2(Math.abs(base));
  const away = Math.abs(power) * Math.max(2 ** -21, 3 * unit(log)) + unit(power * log);
  return 4 + 2 * Math.abs(power * log) + 2 ** 24 * away;
}

/** What cancels where one operand is below 0 is a rounding of the larger. */
const ofLarger: Bound = {
  text: '2, or of what is larger of a and b',
  units: (x, y) => (2 * unit(Math.max(Math.abs(x), Math.abs(y), 1))) / unit(logAddExp(x, y)) + 2,
};

/** What cancels below 0 is a rounding of what the result is made of there: of ± x, and of a sine or cotangent. */
const orOf = (
  most: number,
  text: string,
  parts: (x: number) => number,
  f: (x: number) => number,
): Bound => ({
  text: `${most}, below 0 of ${text}`,
  units: (x) => (x < 0 ? (most * Math.max(unit(parts(x)), unit(f(x)))) / unit(f(x)) : most),
});
const logGamma = (most: number) =>
  orOf(most, 'lgamma(\\|x\\|) + 1', (x) => Math.abs(lgamma(-x)) + 1, lgamma);
const diGamma = (most: number) =>
  orOf(
    most,
    'digamma(\\|x\\|) and π·cot(πx)',
    (x) => Math.abs(digamma(-x)) + Math.abs(digamma(x)) + 1 / Math.abs(x) + 1,
    digamma,
  );

/** For each op: on the CPU, and on WebGPU where that is more. */
export const unaryBounds: Readonly<Record<string, readonly [cpu: Bound, gpu?: Bound]>> = {
  neg: [EXACT],
  abs: [EXACT],
  sign: [EXACT],
  exp: [units(2), { text: '4 + 2·\\|x\\|', units: (x) => 4 + 2 * Math.abs(x) }],
  exp2: [units(2)],
  expm1: [units(2), units(4)],
  log: [units(2), units(4)],
  log2: [units(2), units(4)],
  log10: [units(3), units(4)],
  log1p: [units(3), units(4)],
  sqrt: [ROUNDED, units(5)],
  rsqrt: [units(2)],
  square: [ROUNDED],
  reciprocal: [ROUNDED, units(2.5)],
  sin: [units(3), sine],
  cos: [units(3), sine],
  tan: [units(4), units(8)],
  asin: [units(3), units(8)],
  acos: [units(3), units(8)],
  atan: [units(3), units(8)],
  sinh: [units(3), units(4)],
  cosh: [units(3), units(4)],
  tanh: [units(2), units(6)],
  asinh: [units(4), units(8)],
  acosh: [units(4), units(8)],
  atanh: [units(4), units(8)],
  sigmoid: [units(3), units(6)],
  relu: [EXACT],
  relu6: [EXACT],
  hardTanh: [EXACT],
  hardSigmoid: [units(2)],
  hardSwish: [units(3)],
  softsign: [units(2), units(4)],
  selu: [units(4), units(6)],
  mish: [orTiny(units(4), '¹⁴²', 2 ** -142), orTiny(units(8), '¹¹⁹', 2 ** -119)],
  softplus: [units(3), units(6)],
  logSigmoid: [units(3), units(6)],
  elu: [units(2), units(4)],
  silu: [orTiny(units(4), '¹⁴²', 2 ** -142), orTiny(units(8), '¹¹⁹', 2 ** -119)],
  gelu: [orTiny(units(8), '¹⁴⁵', 2 ** -145), orTiny(units(12), '¹²²', 2 ** -122)],
  geluTanh: [orTiny(cubic, '¹⁴⁵', 2 ** -145), orTiny(cubic, '¹²²', 2 ** -122)],
  erf: [units(6), units(12)],
  erfc: [units(8), units(12)],
  erfinv: [units(4), units(8)],
  lgamma: [logGamma(3), logGamma(8)],
  digamma: [diGamma(6), orTiny(diGamma(12), '²⁶', 2 ** -26)],
  polygamma: [units(6), units(16)],
  floor: [EXACT],
  ceil: [EXACT],
  round: [EXACT],
  trunc: [EXACT],
  frac: [EXACT],
  isNan: [EXACT],
  isFinite: [EXACT],
  isInf: [EXACT],
};

export const binaryBounds: Readonly<Record<string, readonly [cpu: Bound, gpu?: Bound]>> = {
  add: [ROUNDED],
  sub: [ROUNDED],
  mul: [ROUNDED],
  div: [ROUNDED, units(2.5)],
  pow: [units(8), { text: "that of WGSL's exp2(b · log2(a))", units: inheritedPower }],
  maximum: [EXACT],
  minimum: [EXACT],
  mod: [units(1)],
  fmod: [EXACT],
  floorDiv: [units(2), units(6)],
  atan2: [units(4), units(8)],
  hypot: [units(2), units(8)],
  logAddExp: [ofLarger],
  xlogy: [units(4), units(6)],
  squaredDifference: [units(2)],
  equal: [EXACT],
  notEqual: [EXACT],
  less: [EXACT],
  lessEqual: [EXACT],
  greater: [EXACT],
  greaterEqual: [EXACT],
};

interface Slope extends Bound {
  readonly exact: (x: number) => number;
}

const growing = (exact: Slope['exact'], square: number): Slope => ({
  exact,
  text: `8 + ${square}·x²`,
  units: (x) => 8 + square * x * x,
});
const steady = (exact: Slope['exact'], most: number): Slope => ({ exact, ...units(most) });
const power = (exact: Slope['exact']): Slope => ({
  exact,
  text: '6 + 2·\\|x\\|',
  units: (x) => 6 + 2 * Math.abs(x),
});
const bell = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
/** From the result, which keeps no more of it. */
const ofResult = (exact: Slope['exact']): Slope => ({
  exact,
  text: '2⁻²² absolutely',
  units: () => 0,
  absolute: 2 ** -22,
});

/** The derivatives of what has tails, on both devices. */
export const slopeBounds: Readonly<Record<string, Slope>> = {
  exp: power(Math.exp),
  expm1: power(Math.exp),
  log1p: steady((x) => 1 / (1 + x), 8),
  softplus: steady(sigmoid, 8),
  logSigmoid: steady((x) => sigmoid(-x), 8),
  elu: power((x) => (x > 0 ? 1 : Math.exp(x))),
  erf: growing(bell, 4),
  erfc: growing((x) => -bell(x), 4),
  sigmoid: ofResult((x) => sigmoid(x) * sigmoid(-x)),
  tanh: ofResult((x) => 1 - Math.tanh(x) ** 2),
};
