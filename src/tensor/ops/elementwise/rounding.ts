import { zeros } from '../creation.ts';
import { difference } from './arithmetic.ts';
import type { BinaryRecord } from './binary-op.ts';
import { FLOATS, SIGNED, type UnaryRecord, type Value } from './unary-op.ts';

export const ofOne = {
  /** The next whole number below. */
  floor: { wgsl: (x) => `floor(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** The next whole number above. */
  ceil: { wgsl: (x) => `ceil(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** The nearest whole number, halves to the even one. */
  round: {
    wgsl: (x, dtype) => (dtype === 'f32' ? `round(${x})` : x),
    vjp: (_, x) => zeros(x.shape),
    accepts: SIGNED,
  },
  /** The whole number next towards 0. */
  trunc: { wgsl: (x) => `trunc(${x})`, vjp: (_, x) => zeros(x.shape) },
  /** What is behind the point: x − trunc(x), with the sign of x. */
  frac: { wgsl: (x, dtype) => difference(x, `trunc(${x})`, dtype), vjp: (g) => g },
} satisfies Record<string, UnaryRecord>;

export const ofTwo = {
  /**
   * The remainder of a / b with the sign of b, exact and always nearer to 0 than b; of whole numbers
   * 0 where b is.
   */
  mod: {
    wgsl: (a, b, dtype) => {
      if (dtype === 'f32') return `remainder(${a}, ${b})`;
      if (dtype === 'u32') return `${a} % ${b}`;
      const [rest, zero] = [`(${a} % ${b})`, 'vec4<i32>()'];
      return `select(${rest}, ${rest} + ${b}, (${rest} != ${zero}) & ((${rest} < ${zero}) != (${b} < ${zero})))`;
    },
    functions: ['remainder'],
    vjp: (g, a, b, y) => [g, g.mul(a.sub(y).div(b).round()).neg()],
    domain: [
      [-10, 10],
      [0.5, 4],
    ],
  },
  /** The remainder of a / b with the sign of a, exact, as C's. */
  fmod: {
    wgsl: (a, b) => `truncated_remainder(${a}, ${b})`,
    functions: ['remainder'],
    vjp: (g, a, b, y) => [g, g.mul(a.sub(y).div(b).round()).neg()],
    accepts: FLOATS,
    domain: [
      [-10, 10],
      [0.5, 4],
    ],
  },
  /** The whole number next below a / b, so that a is floorDiv · b + mod; a / b where b is 0. */
  floorDiv: {
    wgsl: (a, b, dtype) => {
      if (dtype === 'f32') return `floor_quotient(${a}, ${b})`;
      if (dtype === 'u32') return `${a} / ${b}`;
      const [rest, zero, one] = [`(${a} % ${b})`, 'vec4<i32>()', 'vec4<i32>(1)'];
      return `${a} / ${b} - select(${zero}, ${one}, (${rest} != ${zero}) & ((${rest} < ${zero}) != (${b} < ${zero})))`;
    },
    functions: ['remainder'],
    vjp: (_, a, b): [Value, Value] => [zeros(a.shape), zeros(b.shape)],
    domain: [
      [-10, 10],
      [0.5, 4],
    ],
  },
} satisfies Record<string, BinaryRecord>;
