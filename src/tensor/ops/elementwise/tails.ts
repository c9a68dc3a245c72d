import { zeros } from '../creation.ts';
import { where } from '../where.ts';
import { unaryFunction } from './unary-op.ts';

// Where derivatives fall to their limits: out there x is held at a bound, since ∞ times the 0 of a tail
// would be NaN. NaN stays.

/** WGSL that holds x between −most and most. */
export function bounded(x: string, most: string): string {
  const [high, low] = [`vec4<f32>(${most})`, `vec4<f32>(-${most})`];
  return `select(select(${x}, ${high}, ${x} > ${high}), ${low}, ${x} < ${low})`;
}

const held = (name: string, most: string) =>
  unaryFunction(name, {
    wgsl: (x) => bounded(x, most),
    vjp: (g, x) => where(x.abs().lessEqual(Number(most)), g, zeros(g.shape)),
  });

/** For what falls as powers of e do. */
export const within100 = held('within100', '100.0');

/** For what falls as powers of 1 / x do. */
export const within = held('within', '1e18');
