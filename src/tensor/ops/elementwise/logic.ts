import type { BinaryRecord } from './binary-op.ts';
import type { UnaryRecord } from './unary-op.ts';

export const ofOne = {
  /** Turns true to false and back. */
  logicalNot: { wgsl: (x) => `!${x}`, accepts: ['bool'] },
} satisfies Record<string, UnaryRecord>;

export const ofTwo = {
  /** a and b */
  logicalAnd: { wgsl: (a, b) => `${a} & ${b}`, accepts: ['bool'] },
  /** a or b */
  logicalOr: { wgsl: (a, b) => `${a} | ${b}`, accepts: ['bool'] },
  /** Either a or b, not both. */
  logicalXor: { wgsl: (a, b) => `${a} != ${b}`, accepts: ['bool'] },
} satisfies Record<string, BinaryRecord>;
