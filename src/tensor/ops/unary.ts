import type { Foldable } from '../../graph/operation.ts';
import type { DType } from '../../kernels/dtype.ts';
import { apply, type Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { full, ones, zeros } from './creation.ts';
import { where } from './where.ts';

// biome-ignore lint/suspicious/noExplicitAny: rules are written with the methods whose types come from these very records
type Value = any;

/** An elementwise op of one operand: its WGSL over a `vec4`, and its gradient. */
interface UnaryRecord {
  readonly wgsl: (x: string) => string;
  readonly vjp?: (g: Value, x: Value, y: Value) => Value;
  /** Which activation it is to a kernel that can apply one itself. */
  readonly folds?: Foldable;
  /** Dtypes it accepts; f32 alone where left out. */
  readonly accepts?: readonly DType[];
  /** The dtype of the result, where it is not the operand's. */
  readonly result?: DType;
  /** Worth storing rather than computing twice. */
  readonly heavy?: boolean;
  /** The open interval it is defined on; property tests draw from it. */
  readonly domain?: readonly [number, number];
}

const NUMBERS = ['f32', 'i32', 'u32'] as const;
const SIGNED = ['f32', 'i32'] as const;
const ZERO = 'vec4<f32>()';

// Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.26: |error| ≤ 1.5e-7.
const ERF = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];

/** The elementwise ops of one operand. A new one is a new record here, and a reference in `test/reference`. */
export const unary = {
  /** −x */
  neg: { wgsl: (x) => `-${x}`, vjp: (g) => g.neg(), accepts: SIGNED },
  /** |x|; gradient 0 at 0. */
  abs: { wgsl: (x) => `abs(${x})`, vjp: (g, x) => g.mul(x.sign()), accepts: SIGNED },
  /** −1, 0 or 1. */
  sign: { wgsl: (x) => `sign(${x})`, vjp: (_, x) => zeros(x.shape), accepts: SIGNED },
  /** eˣ */
  exp: { wgsl: (x) => `exp(${x})`, vjp: (g, _, y) => g.mul(y), heavy: true, domain: [-20, 20] },
  /** Natural logarithm. */
  log: { wgsl: (x) => `log(${x})`, vjp: (g, x) => g.div(x), heavy: true, domain: [0, 1e3] },
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
  /** x² */
  square: { wgsl: (x) => `${x} * ${x}`, vjp: (g, x) => g.mul(x).mul(2), accepts: NUMBERS },
  /** 1 / x */
  reciprocal: {
    wgsl: (x) => `1.0 / ${x}`,
    vjp: (g, _, y) => g.mul(y.square()).neg(),
    domain: [0, 1e3],
  },
  /** Sine of radians. */
  sin: { wgsl: (x) => `sin(${x})`, vjp: (g, x) => g.mul(x.cos()), heavy: true, domain: [-3, 3] },
  /** Cosine of radians. */
  cos: {
    wgsl: (x) => `cos(${x})`,
    vjp: (g, x) => g.mul(x.sin()).neg(),
    heavy: true,
    domain: [-3, 3],
  },
  /** Tangent of radians. */
  tan: {
    wgsl: (x) => `tan(${x})`,
    vjp: (g, _, y) => g.mul(y.square().add(1)),
    heavy: true,
    domain: [-1.4, 1.4],
  },
  /** Hyperbolic tangent. */
  tanh: {
    // Clamped, because some drivers compute it from exponentials that overflow.
    wgsl: (x) => `tanh(clamp(${x}, vec4<f32>(-15.0), vec4<f32>(15.0)))`,
    vjp: (g, _, y) => g.mul(ones(y.shape).sub(y.square())),
    folds: 'tanh',
    heavy: true,
  },
  /** 1 / (1 + e⁻ˣ) */
  sigmoid: {
    wgsl: (x) => `1.0 / (1.0 + exp(-${x}))`,
    vjp: (g, _, y) => g.mul(y).mul(ones(y.shape).sub(y)),
    folds: 'sigmoid',
    heavy: true,
    domain: [-80, 80],
  },
  /** max(x, 0); NaN stays NaN. Gradient 0 at 0. */
  relu: {
    wgsl: (x) => `select(${x}, ${ZERO}, ${x} < ${ZERO})`,
    // From the result, so that a kernel that applied relu itself need not keep its input.
    vjp: (g, _, y) => where(y.greater(0), g, zeros(g.shape)),
    folds: 'relu',
  },
  /** log(1 + eˣ) */
  softplus: {
    wgsl: (x) => `max(${x}, ${ZERO}) + log(1.0 + exp(-abs(${x})))`,
    vjp: (g, x) => g.mul(x.sigmoid()),
    heavy: true,
  },
  /** The error function, to 1.5e-7. */
  erf: {
    wgsl: (x) => {
      const t = `(1.0 / (1.0 + 0.3275911 * abs(${x})))`;
      const series = ERF.slice(1).reduce((sum, c) => `(${sum} * ${t} + ${c})`, `${ERF[0]}`);
      return `sign(${x}) * (1.0 - ${series} * ${t} * exp(-${x} * ${x}))`;
    },
    vjp: (g, x) => g.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI)),
    heavy: true,
  },
  /** The next whole number below. */
  floor: { wgsl: (x) => `floor(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** The next whole number above. */
  ceil: { wgsl: (x) => `ceil(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** The nearest whole number, halves to the even one. */
  round: { wgsl: (x) => `round(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** The whole number next towards 0. */
  trunc: { wgsl: (x) => `trunc(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** Whether an element is not a number. */
  isNan: {
    // On the bits: compilers may assume that x != x is never true.
    wgsl: (x) => `(bitcast<vec4<u32>>(${x}) & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u)`,
    result: 'bool',
  },
  /** Turns true to false and back. */
  logicalNot: { wgsl: (x) => `!${x}`, accepts: ['bool'] },
} satisfies Record<string, UnaryRecord>;

export type UnaryName = keyof typeof unary;

/**
 * The function that a record describes. It throws a `DTypeError` where the record does not accept
 * the operand's dtype.
 */
export function unaryFunction(name: string, record: UnaryRecord): (x: AnyTensor) => AnyTensor {
  const { wgsl, vjp, folds, accepts = ['f32'], result, heavy = false } = record;
  const op: Op<[x: AnyTensor]> = {
    name,
    lowering: { kind: 'elementwise', wgsl: ([x]: [string]) => wgsl(x), heavy },
    ...(folds && { folds }),
    ...(vjp && { vjp: (g, { inputs: [x], output }) => [vjp(g, x, output)] }),
  };
  return (x) => {
    requireDType(name, x, accepts);
    return apply(op, [x], { shape: x.shape, dtype: result ?? x.dtype });
  };
}

/** A number as a tensor like `x`, to be combined with it. */
export function like<S extends Shape, D extends DType>(x: Tensor<S, D>, value: number) {
  return full(x.shape, value, { dtype: x.dtype });
}
