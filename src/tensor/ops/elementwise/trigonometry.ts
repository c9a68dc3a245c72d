import type { BinaryRecord } from './binary-op.ts';
import { within } from './tails.ts';
import { FLOATS, type UnaryRecord, unaryFunction } from './unary-op.ts';

export const ofOne = {
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
    wgsl: (x) => `tangent(${x})`,
    functions: ['tangent'],
    vjp: (g, _, y) => g.mul(y.square().add(1)),
    heavy: true,
    domain: [-1.4, 1.4],
  },
  /** The angle of a sine, in radians from −π/2 to π/2. */
  asin: {
    wgsl: (x) => `arc_sine(${x})`,
    functions: ['arc'],
    vjp: (g, x) => g.mul(x.neg().add(1).mul(x.add(1)).rsqrt()),
    heavy: true,
    domain: [-1, 1],
  },
  /** The angle of a cosine, in radians from 0 to π. */
  acos: {
    wgsl: (x) => `arc_cosine(${x})`,
    functions: ['arc'],
    vjp: (g, x) => g.mul(x.neg().add(1).mul(x.add(1)).rsqrt()).neg(),
    heavy: true,
    domain: [-1, 1],
  },
  /** The angle of a tangent, in radians from −π/2 to π/2. */
  atan: {
    wgsl: (x) => `angle(${x}, vec4<f32>(1.0))`,
    functions: ['angle'],
    vjp: (g, x) => g.mul(atanSlope(x)),
    heavy: true,
  },
} satisfies Record<string, UnaryRecord>;

export const ofTwo = {
  /** The angle of the point (b, a), in radians from −π to π. */
  atan2: {
    wgsl: (a, b) => `angle(${a}, ${b})`,
    functions: ['angle'],
    // Not by a² + b², which overflows and vanishes long before the slopes do.
    vjp: (g, a, b) => {
      const size = a.hypot(b);
      return [g.mul(b.div(size).div(size)), g.mul(a.div(size).div(size)).neg()];
    },
    accepts: FLOATS,
    heavy: true,
    domain: [
      [0.1, 10],
      [0.1, 10],
    ],
  },
  /** √(a² + b²), without overflow of the squares. */
  hypot: {
    wgsl: (a, b) => `hypotenuse(${a}, ${b})`,
    functions: ['hypotenuse'],
    vjp: (g, a, b, y) => [g.mul(a.div(y)), g.mul(b.div(y))],
    accepts: FLOATS,
    heavy: true,
  },
} satisfies Record<string, BinaryRecord>;

const atanSlope = unaryFunction('atanSlope', {
  wgsl: (x) => `1.0 / (1.0 + ${x} * ${x})`,
  vjp: (g, x, y) => g.mul(y).mul(y).mul(within(x)).mul(-2),
});
