import type { DType } from '../../../kernels/dtype.ts';
import { ones, zeros } from '../creation.ts';
import { where } from '../where.ts';
import { bounded, within100 } from './tails.ts';
import { SIGNED, type UnaryRecord, unaryFunction } from './unary-op.ts';

const ZERO = 'vec4<f32>()';

const SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** WGSL of x, and 0 where it is below. */
function raised(x: string, dtype: DType): string {
  return `select(${x}, vec4<${dtype}>(), ${x} < vec4<${dtype}>())`;
}

function hardShare(x: string): string {
  const [three, one] = ['vec4<f32>(3.0)', 'vec4<f32>(1.0)'];
  const share = `(${x} + 3.0) * ${1 / 6}`;
  return `select(select(${share}, ${ZERO}, ${x} <= -${three}), ${one}, ${x} >= ${three})`;
}

export const ofOne = {
  /** 1 / (1 + e⁻ˣ) */
  sigmoid: {
    wgsl: (x) => `logistic(${x})`,
    functions: ['exponential', 'sigmoid'],
    vjp: (g, _, y) => g.mul(y).mul(ones(y.shape).sub(y)),
    squashes: true,
    heavy: true,
    domain: [-80, 80],
  },
  /** max(x, 0); NaN stays NaN. Gradient 0 at 0. */
  relu: {
    wgsl: (x, dtype) => raised(x, dtype),
    // From the result, so that a kernel that applied relu itself need not keep its input.
    vjp: (g, _, y) => where(y.greater(0), g, zeros(g.shape)),
    accepts: SIGNED,
  },
  /** log(1 + eˣ) */
  softplus: {
    wgsl: (x) => `soft_plus(${x})`,
    functions: ['exponential', 'softplus'],
    vjp: (g, x) => g.mul(x.sigmoid()),
    heavy: true,
  },
  /** log(1 / (1 + e⁻ˣ)) */
  logSigmoid: {
    wgsl: (x) => `-soft_plus(-${x})`,
    functions: ['exponential', 'softplus'],
    vjp: (g, x) => g.mul(x.neg().sigmoid()),
    heavy: true,
  },
  /** x above 0, eˣ − 1 below (Clevert et al., "Exponential linear units", 2016). */
  elu: {
    wgsl: (x) => `select(exponential_minus_one(${x}), ${x}, ${x} > ${ZERO})`,
    functions: ['exponential'],
    vjp: (g, x) => g.mul(x.minimum(0).exp()),
    heavy: true,
  },
  /** elu with α = 1.6733, times 1.0507 (Klambauer et al., "Self-normalizing neural networks", 2017). */
  selu: {
    wgsl: (x) =>
      `${SELU_SCALE} * select(${SELU_ALPHA} * exponential_minus_one(${x}), ${x}, ${x} > ${ZERO})`,
    functions: ['exponential'],
    vjp: (g, x) =>
      where(x.greater(0), g, g.mul(x.minimum(0).exp()).mul(SELU_ALPHA)).mul(SELU_SCALE),
    heavy: true,
  },
  /** x from 0 to 6, and those bounds beyond. Gradient 0 at both. */
  relu6: {
    wgsl: (x, dtype) => `select(${raised(x, dtype)}, vec4<${dtype}>(6), ${x} > vec4<${dtype}>(6))`,
    vjp: (g, _, y) => where(y.greater(0).logicalAnd(y.less(6)), g, zeros(g.shape)),
    accepts: SIGNED,
  },
  /** x from −1 to 1, and those bounds beyond. Gradient 0 at both. */
  hardTanh: {
    wgsl: (x) => bounded(x, '1.0'),
    vjp: (g, _, y) => where(y.abs().less(1), g, zeros(g.shape)),
  },
  /** (x + 3) / 6 from −3 to 3, 0 and 1 beyond. Gradient 0 at both. */
  hardSigmoid: {
    wgsl: hardShare,
    vjp: (g, x) => where(x.abs().less(3), g.div(6), zeros(g.shape)),
    squashes: true,
  },
  /** x · hardSigmoid(x) (Howard et al., "Searching for MobileNetV3", 2019). */
  hardSwish: {
    wgsl: (x) => `select(${x}, vec4<f32>(-3.0), ${x} < vec4<f32>(-3.0)) * ${hardShare(x)}`,
    vjp: (g, x) =>
      where(x.greaterEqual(3), g, where(x.less(-3), zeros(g.shape), g.mul(x.div(3).add(0.5)))),
  },
  /** x / (1 + |x|), ±1 at ±∞. */
  softsign: {
    wgsl: (x) => `${bounded(x, '1e30')} / (1.0 + abs(${bounded(x, '1e30')}))`,
    vjp: (g, _, y) => g.mul(ones(y.shape).sub(y.abs()).square()),
  },
  /** x · sigmoid(x), also called swish. */
  silu: {
    wgsl: (x) => `gated(${x}, ${x})`,
    functions: ['exponential', 'sigmoid'],
    vjp: (g, x, y) => {
      const share = x.sigmoid();
      return g.mul(share).mul(within100(x).mul(ones(y.shape).sub(share)).add(1));
    },
    heavy: true,
  },
  /** x · tanh(log(1 + eˣ)) (Misra, "Mish: a self regularized non-monotonic activation function", 2019). */
  mish: {
    wgsl: (x) => `mish_gated(${x})`,
    functions: ['exponential', 'mish'],
    vjp: (g, x) => {
      const share = x.softplus().tanh();
      const rise = within100(x).mul(x.sigmoid()).mul(ones(x.shape).sub(share.square()));
      return g.mul(share.add(rise));
    },
    heavy: true,
  },
  /** x · Φ(x), with Φ the normal distribution function (Hendrycks & Gimpel, 2016). */
  gelu: {
    wgsl: (x) => `normal_gated(${x})`,
    functions: ['exponential', 'errorFunction'],
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
    functions: ['exponential', 'sigmoid'],
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
} satisfies Record<string, UnaryRecord>;

/** The derivative of gelu, of which both terms share a power of e. Its own is φ(x) · (2 − x²). */
const geluSlope = unaryFunction('geluSlope', {
  wgsl: (x) => `normal_gated_slope(${x})`,
  functions: ['exponential', 'errorFunction'],
  vjp: (g, x) => {
    const square = within100(x).square();
    const density = square.mul(-0.5).exp();
    return g.mul(density.mul(0.5 * SQRT_TWO_OVER_PI)).mul(square.neg().add(2));
  },
  heavy: true,
});
