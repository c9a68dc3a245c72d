import type { BinaryRecord } from './binary-op.ts';
import type { UnaryRecord } from './unary-op.ts';

const WHOLE = ['i32', 'u32'] as const;

export const ofOne = {
  /** Every bit turned. */
  bitwiseNot: { wgsl: (x) => `~${x}`, accepts: WHOLE },
} satisfies Record<string, UnaryRecord>;

/** How far a shift goes: as in JavaScript, the lowest five bits of b say it. */
const by = (b: string) => `(vec4<u32>(${b}) & vec4<u32>(31u))`;

export const ofTwo = {
  /** The bits that both have. */
  bitwiseAnd: { wgsl: (a, b) => `${a} & ${b}`, accepts: WHOLE },
  /** The bits that either has. */
  bitwiseOr: { wgsl: (a, b) => `${a} | ${b}`, accepts: WHOLE },
  /** The bits that one has, not both. */
  bitwiseXor: { wgsl: (a, b) => `${a} ^ ${b}`, accepts: WHOLE },
  /** The bits moved up by b mod 32 places. */
  bitwiseLeftShift: { wgsl: (a, b) => `${a} << ${by(b)}`, accepts: WHOLE },
  /** The bits moved down by b mod 32 places; i32 keeps its sign. */
  bitwiseRightShift: { wgsl: (a, b) => `${a} >> ${by(b)}`, accepts: WHOLE },
} satisfies Record<string, BinaryRecord>;
