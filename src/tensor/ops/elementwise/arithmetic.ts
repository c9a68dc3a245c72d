import type { DType } from '../../../kernels/dtype.ts';
import { zeros } from '../creation.ts';
import { where } from '../where.ts';
import type { BinaryRecord } from './binary-op.ts';
import { isNan } from './comparisons.ts';
import { NUMBERS, SIGNED, type UnaryRecord, type Value } from './unary-op.ts';

export const ofOne = {
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
  /** −1, 0 or 1; 0 of NaN, as in PyTorch. */
  sign: {
    wgsl: (x, dtype) => {
      const one = `vec4<${dtype}>(1)`;
      const zero = `vec4<${dtype}>()`;
      const known = `select(select(${zero}, ${one}, ${x} > ${zero}), -${one}, ${x} < ${zero})`;
      return dtype === 'f32' ? `select(${known}, ${zero}, ${isNan(x)})` : known;
    },
    vjp: (_, x) => zeros(x.shape),
    accepts: SIGNED,
  },
  /** x² */
  square: { wgsl: (x) => `${x} * ${x}`, vjp: (g, x) => g.mul(x).mul(2), accepts: NUMBERS },
  /** 1 / x */
  reciprocal: {
    wgsl: (x) => `1.0 / ${x}`,
    vjp: (g, _, y) => g.mul(y.square()).neg(),
    domain: [0, 1e3],
  },
} satisfies Record<string, UnaryRecord>;

// NaN is looked for in the bits: compilers may assume that no comparison ever meets one.
function extreme(a: string, b: string, comparison: '>=' | '<='): string {
  const size = (x: string) => `(bitcast<vec4<u32>>(${x}) & vec4<u32>(0x7fffffffu))`;
  const hasNan = `max(${size(a)}, ${size(b)}) > vec4<u32>(0x7f800000u)`;
  return `select(select(${b}, ${a}, ${a} ${comparison} ${b}), ${a} + ${b}, ${hasNan})`;
}

// A compiler that assumes no NaN makes x − x 0, and (x + y) − x y. The sign is turned on the bits, in
// a way that it does not see through.
export function difference(a: string, b: string, dtype: DType): string {
  if (dtype !== 'f32') return `${a} - ${b}`;
  return `${a} + bitcast<vec4<f32>>(bitcast<vec4<u32>>(${b}) ^ sign_bit)`;
}

export const ofTwo = {
  /** a + b */
  add: {
    wgsl: (a, b, dtype) => {
      if (dtype === 'bool') return `${a} | ${b}`;
      // What the next op of a fused kernel sees must be what memory would hold.
      return dtype === 'u8' ? `(${a} + ${b}) & vec4<u32>(255u)` : `${a} + ${b}`;
    },
    vjp: (g) => [g, g],
    accepts: [...NUMBERS, 'bool', 'u8'],
  },
  /** a − b */
  sub: { wgsl: difference, vjp: (g) => [g, g.neg()] },
  /** a · b, element by element */
  mul: { wgsl: (a, b) => `${a} * ${b}`, vjp: (g, a, b) => [g.mul(b), g.mul(a)] },
  /** a / b; whole numbers are divided towards 0. */
  div: {
    wgsl: (a, b) => `${a} / ${b}`,
    vjp: (g, _, b, y) => [g.div(b), g.mul(y).div(b).neg()],
    domain: [
      [-1e3, 1e3],
      [0.1, 10],
    ],
  },
  /** The larger one; NaN where either is. The gradient goes to a where both are equal. */
  maximum: {
    wgsl: (a, b, dtype) => (dtype === 'f32' ? extreme(a, b, '>=') : `max(${a}, ${b})`),
    vjp: (g, a, b) => split(g, a.greaterEqual(b)),
  },
  /** The smaller one; NaN where either is. The gradient goes to a where both are equal. */
  minimum: {
    wgsl: (a, b, dtype) => (dtype === 'f32' ? extreme(a, b, '<=') : `min(${a}, ${b})`),
    vjp: (g, a, b) => split(g, a.lessEqual(b)),
  },
  /** (a − b)² */
  squaredDifference: {
    wgsl: (a, b, dtype) => `(${difference(a, b, dtype)}) * (${difference(a, b, dtype)})`,
    vjp: (g, a, b) => {
      const slope = g.mul(a.sub(b)).mul(2);
      return [slope, slope.neg()];
    },
  },
} satisfies Record<string, BinaryRecord>;

function split(g: Value, first: Value): readonly [Value, Value] {
  const none = zeros(g.shape);
  return [where(first, g, none), where(first, none, g)];
}
