import type { BinaryRecord } from './binary-op.ts';
import { NUMBERS, type UnaryRecord } from './unary-op.ts';

const ALL = [...NUMBERS, 'bool', 'u8'] as const;

// On the bits: compilers may assume that x != x is never true.
const size = (x: string) => `(bitcast<vec4<u32>>(${x}) & vec4<u32>(0x7fffffffu))`;
const INFINITY = 'vec4<u32>(0x7f800000u)';

/** WGSL that tells NaN. */
export const isNan = (x: string): string => `${size(x)} > ${INFINITY}`;

export const ofOne = {
  /** Whether an element is not a number. */
  isNan: { wgsl: isNan, result: 'bool' },
  /** Whether an element is a number, and not infinite. */
  isFinite: { wgsl: (x) => `${size(x)} < ${INFINITY}`, result: 'bool' },
  /** Whether an element is ∞ or −∞. */
  isInf: { wgsl: (x) => `${size(x)} == ${INFINITY}`, result: 'bool' },
} satisfies Record<string, UnaryRecord>;

/** The result is bool. */
export const ofTwo = {
  /** a = b */
  equal: { wgsl: (a, b) => `${a} == ${b}`, accepts: ALL },
  /** a ≠ b */
  notEqual: {
    // Not `!=`, which is false for NaN on some devices.
    wgsl: (a, b) => `!(${a} == ${b})`,
    accepts: ALL,
  },
  /** a < b */
  less: { wgsl: (a, b) => `${a} < ${b}` },
  /** a ≤ b */
  lessEqual: { wgsl: (a, b) => `${a} <= ${b}` },
  /** a > b */
  greater: { wgsl: (a, b) => `${a} > ${b}` },
  /** a ≥ b */
  greaterEqual: { wgsl: (a, b) => `${a} >= ${b}` },
} satisfies Record<string, BinaryRecord>;
