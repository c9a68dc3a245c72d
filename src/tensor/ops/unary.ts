import type { DType } from '../../kernels/dtype.ts';
import errorFunction from '../../kernels/wgsl/elementwise/functions/error-function.wgsl';
import exponential from '../../kernels/wgsl/elementwise/functions/exponential.wgsl';
import logarithm from '../../kernels/wgsl/elementwise/functions/logarithm.wgsl';
import sigmoid from '../../kernels/wgsl/elementwise/functions/sigmoid.wgsl';
import softplus from '../../kernels/wgsl/elementwise/functions/softplus.wgsl';
import hyperbolic from '../../kernels/wgsl/elementwise/functions/tanh.wgsl';
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
  readonly wgsl: (x: string, dtype: DType) => string;
  /** The texts of the WGSL functions that it calls. */
  readonly functions?: readonly string[];
  readonly vjp?: (g: Value, x: Value, y: Value) => Value;
  /** Its results are numbers from 0 to 1. */
  readonly squashes?: boolean;
  /** Dtypes it accepts; f32 and f16 where left out. */
  readonly accepts?: readonly DType[];
  /** The dtype of the result, where it is not the operand's. */
  readonly result?: DType;
  /** Worth storing rather than computing twice. */
  readonly heavy?: boolean;
  /** The open interval it is defined on; property tests draw from it. */
  readonly domain?: readonly [number, number];
}

const FLOATS = ['f32', 'f16'] as const;
const NUMBERS = [...FLOATS, 'i32', 'u32'] as const;
const SIGNED = [...FLOATS, 'i32'] as const;
const ZERO = 'vec4<f32>()';

const SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** The elementwise ops of one operand. A new one is a new record here, and a reference in `test/reference`. */
export const unary = {
  /** −x */
  neg: {
    // On the bits: a compiler that assumes no NaN makes x + −x 0.
    wgsl: (x, dtype) =>
      dtype === 'f32' ? `bitcast<vec4<f32>>(bitcast<vec4<u32>>(${x}) ^ sign_bit)` : `-${x}`,
    vjp: (g) => g.neg(),
    accepts: SIGNED,
  },
  /** |x|; gradient 0 at 0. */
  abs: { wgsl: (x) => `abs(${x})`, vjp: (g, x) => g.mul(x.sign()), accepts: SIGNED },
  /** −1, 0 or 1. */
  sign: {
    // Not WGSL's own, which may make a number of NaN.
    wgsl: (x, dtype) => {
      const one = `vec4<${dtype}>(1)`;
      const zero = `vec4<${dtype}>()`;
      return `select(select(${x}, ${one}, ${x} > ${zero}), -${one}, ${x} < ${zero})`;
    },
    vjp: (_, x) => zeros(x.shape),
    accepts: SIGNED,
  },
  /** eˣ */
  exp: { wgsl: (x) => `exp(${x})`, vjp: (g, _, y) => g.mul(y), heavy: true, domain: [-20, 20] },
  /** eˣ − 1, without the cancellation near 0. */
  expm1: {
    wgsl: (x) => `exponential_minus_one(${x})`,
    functions: [exponential],
    // Not y + 1, which has no digits left where y is near −1.
    vjp: (g, x) => g.mul(x.exp()),
    heavy: true,
    domain: [-20, 20],
  },
  /** Natural logarithm. */
  log: {
    wgsl: (x) => `logarithm(${x})`,
    functions: [logarithm],
    vjp: (g, x) => g.div(x),
    heavy: true,
    domain: [0, 1e3],
  },
  /** log(1 + x), without the cancellation near 0. */
  log1p: {
    wgsl: (x) => `logarithm_one_plus(${x})`,
    functions: [logarithm],
    vjp: (g, x) => g.div(x.add(1)),
    heavy: true,
    domain: [-1, 1e3],
  },
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
    wgsl: (x) => `hyperbolic_tangent(${x})`,
    functions: [exponential, hyperbolic],
    vjp: (g, _, y) => g.mul(ones(y.shape).sub(y.square())),
    heavy: true,
  },
  /** 1 / (1 + e⁻ˣ) */
  sigmoid: {
    wgsl: (x) => `logistic(${x})`,
    functions: [exponential, sigmoid],
    vjp: (g, _, y) => g.mul(y).mul(ones(y.shape).sub(y)),
    squashes: true,
    heavy: true,
    domain: [-80, 80],
  },
  /** max(x, 0); NaN stays NaN. Gradient 0 at 0. */
  relu: {
    wgsl: (x) => `select(${x}, ${ZERO}, ${x} < ${ZERO})`,
    // From the result, so that a kernel that applied relu itself need not keep its input.
    vjp: (g, _, y) => where(y.greater(0), g, zeros(g.shape)),
  },
  /** log(1 + eˣ) */
  softplus: {
    wgsl: (x) => `soft_plus(${x})`,
    functions: [exponential, softplus],
    vjp: (g, x) => g.mul(x.sigmoid()),
    heavy: true,
  },
  /** log(1 / (1 + e⁻ˣ)) */
  logSigmoid: {
    wgsl: (x) => `-soft_plus(-${x})`,
    functions: [exponential, softplus],
    vjp: (g, x) => g.mul(x.neg().sigmoid()),
    heavy: true,
  },
  /** x above 0, eˣ − 1 below (Clevert et al., "Exponential linear units", 2016). */
  elu: {
    wgsl: (x) => `select(exponential_minus_one(${x}), ${x}, ${x} > ${ZERO})`,
    functions: [exponential],
    vjp: (g, x) => g.mul(x.minimum(0).exp()),
    heavy: true,
  },
  /** x · sigmoid(x), also called swish. */
  silu: {
    wgsl: (x) => `gated(${x}, ${x})`,
    functions: [exponential, sigmoid],
    vjp: (g, x, y) => {
      const share = x.sigmoid();
      return g.mul(share).mul(within100(x).mul(ones(y.shape).sub(share)).add(1));
    },
    heavy: true,
  },
  /** x · Φ(x), with Φ the normal distribution function (Hendrycks & Gimpel, 2016). */
  gelu: {
    wgsl: (x) => `normal_gated(${x})`,
    functions: [exponential, errorFunction],
    vjp: (g, x) => g.mul(geluSlope(x)),
    heavy: true,
  },
  /** ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))): gelu by tanh, at most 5e-4 off. */
  geluTanh: {
    // 1 + tanh(u) = 2 sigmoid(2u)
    wgsl: (x) => {
      const [linear, cubic] = [2 * SQRT_TWO_OVER_PI, 2 * SQRT_TWO_OVER_PI * GELU_CUBIC];
      return `gated(${x}, ${x} * (${linear} + ${cubic} * (${x} * ${x})))`;
    },
    functions: [exponential, sigmoid],
    vjp: (g, x, y) => {
      const near = within100(x);
      const square = near.square();
      const operand = square
        .mul(GELU_CUBIC)
        .add(1)
        .mul(near)
        .mul(2 * SQRT_TWO_OVER_PI);
      const slope = square
        .mul(3 * GELU_CUBIC)
        .add(1)
        .mul(2 * SQRT_TWO_OVER_PI);
      const share = operand.sigmoid();
      return g.mul(share).mul(near.mul(ones(y.shape).sub(share)).mul(slope).add(1));
    },
    heavy: true,
  },
  /** The error function. */
  erf: {
    wgsl: (x) => `error_function(${x})`,
    functions: [exponential, errorFunction],
    vjp: (g, x) => g.mul(bell(x)).mul(2 / Math.sqrt(Math.PI)),
    heavy: true,
  },
  /** 1 − erf(x), without the cancellation where erf(x) is near 1. */
  erfc: {
    wgsl: (x) => `error_complement(${x})`,
    functions: [exponential, errorFunction],
    vjp: (g, x) => g.mul(bell(x)).mul(-2 / Math.sqrt(Math.PI)),
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

/**
 * x where a derivative falls to its limit: beyond 100 that has come, while ∞ times the 0 of a tail
 * would be NaN. NaN stays.
 */
const within100 = unaryFunction('within100', {
  wgsl: (x) => {
    const [most, least] = ['vec4<f32>(100.0)', 'vec4<f32>(-100.0)'];
    return `select(select(${x}, ${most}, ${x} > ${most}), ${least}, ${x} < ${least})`;
  },
  vjp: (g, x) => where(x.abs().lessEqual(100), g, zeros(g.shape)),
});

/** e^(−x²) */
const bell = unaryFunction('bell', {
  wgsl: (x) => `exp(-(${x} * ${x}))`,
  vjp: (g, x, y) => g.mul(y).mul(within100(x)).mul(-2),
  heavy: true,
});

/** The derivative of gelu, of which both terms share a power of e. Its own is φ(x) · (2 − x²). */
const geluSlope = unaryFunction('geluSlope', {
  wgsl: (x) => `normal_gated_slope(${x})`,
  functions: [exponential, errorFunction],
  vjp: (g, x) => {
    const square = within100(x).square();
    const density = square.mul(-0.5).exp();
    return g.mul(density.mul(0.5 * SQRT_TWO_OVER_PI)).mul(square.neg().add(2));
  },
  heavy: true,
});

export type UnaryName = keyof typeof unary;

/**
 * The function that a record describes. It throws a `DTypeError` where the record does not accept
 * the operand's dtype.
 */
export function unaryFunction(name: string, record: UnaryRecord): (x: AnyTensor) => AnyTensor {
  const { wgsl, functions = [], vjp, squashes, accepts = FLOATS, result, heavy = false } = record;
  const op: Op<[x: AnyTensor]> = {
    name,
    lowering: {
      kind: 'elementwise',
      wgsl: ([x]: [string], _, [dtype]: [DType]) => wgsl(x, dtype),
      functions,
      heavy,
    },
    ...(squashes && { squashes }),
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
