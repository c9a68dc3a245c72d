import { within100 } from './tails.ts';
import { type UnaryRecord, unaryFunction } from './unary-op.ts';

export const ofOne = {
  /** The error function. */
  erf: {
    wgsl: (x) => `error_function(${x})`,
    functions: ['exponential', 'errorFunction'],
    vjp: (g, x) => g.mul(bell(x)).mul(2 / Math.sqrt(Math.PI)),
    heavy: true,
  },
  /** 1 − erf(x), without the cancellation where erf(x) is near 1. */
  erfc: {
    wgsl: (x) => `error_complement(${x})`,
    functions: ['exponential', 'errorFunction'],
    vjp: (g, x) => g.mul(bell(x)).mul(-2 / Math.sqrt(Math.PI)),
    heavy: true,
  },
} satisfies Record<string, UnaryRecord>;

/** e^(−x²) */
const bell = unaryFunction('bell', {
  wgsl: (x) => `exp(-(${x} * ${x}))`,
  vjp: (g, x, y) => g.mul(y).mul(within100(x)).mul(-2),
  heavy: true,
});
