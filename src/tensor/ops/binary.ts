import { DTypeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import angle from '../../kernels/wgsl/elementwise/functions/angle.wgsl';
import power from '../../kernels/wgsl/elementwise/functions/power.wgsl';
import remainder from '../../kernels/wgsl/elementwise/functions/remainder.wgsl';
import { apply, type Op } from '../op.ts';
import { requireDType, requireTensor } from '../require-dtype.ts';
import { broadcastShapes } from '../shape.ts';
import type { AnyTensor } from '../tensor.ts';
import { checkValue, zeros } from './creation.ts';
import { like } from './unary.ts';
import { expandTo } from './views.ts';
import { where } from './where.ts';

// biome-ignore lint/suspicious/noExplicitAny: rules are written with the methods whose types come from these very records
type Value = any;

/** An elementwise op of two operands of one dtype: its WGSL over `vec4`s, and its gradient. */
interface BinaryRecord {
  readonly wgsl: (a: string, b: string, dtype: DType) => string;
  /** The texts of the WGSL functions that it calls. */
  readonly functions?: readonly string[];
  readonly vjp?: (g: Value, a: Value, b: Value, y: Value) => readonly [Value, Value];
  /** Dtypes it accepts; f32, f16, i32 and u32 where left out. */
  readonly accepts?: readonly DType[];
  readonly heavy?: boolean;
  /** The intervals its operands are defined on; property tests draw from them. */
  readonly domain?: readonly [readonly [number, number], readonly [number, number]];
}

const FLOATS: readonly DType[] = ['f32', 'f16'];
const NUMBERS: readonly DType[] = ['f32', 'f16', 'i32', 'u32'];
const ALL: readonly DType[] = [...NUMBERS, 'bool', 'u8'];

// NaN is looked for in the bits: compilers may assume that no comparison ever meets one.
function extreme(a: string, b: string, comparison: '>=' | '<='): string {
  const size = (x: string) => `(bitcast<vec4<u32>>(${x}) & vec4<u32>(0x7fffffffu))`;
  const hasNan = `max(${size(a)}, ${size(b)}) > vec4<u32>(0x7f800000u)`;
  return `select(select(${b}, ${a}, ${a} ${comparison} ${b}), ${a} + ${b}, ${hasNan})`;
}

// A compiler that assumes no NaN makes x − x 0, and (x + y) − x y. The sign is turned on the bits, in
// a way that it does not see through.
function difference(a: string, b: string, dtype: DType): string {
  if (dtype !== 'f32') return `${a} - ${b}`;
  return `${a} + bitcast<vec4<f32>>(bitcast<vec4<u32>>(${b}) ^ sign_bit)`;
}

/** The arithmetic ops of two operands: the result has the operands' dtype. */
export const arithmetic = {
  /** a + b */
  add: {
    wgsl: (a, b, dtype) => {
      if (dtype === 'bool') return `${a} | ${b}`;
      // What the next op of a fused kernel sees must be what memory would hold.
      return dtype === 'u8' ? `(${a} + ${b}) & vec4<u32>(255u)` : `${a} + ${b}`;
    },
    vjp: (g) => [g, g],
    accepts: ALL,
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
  /**
   * aᵇ with IEEE 754's values at its rims; NaN for a negative base with a fractional exponent. The
   * gradient of the exponent is 0 for bases of 0 and below.
   */
  pow: {
    wgsl: (a, b) => `power(${a}, ${b})`,
    functions: [power],
    vjp: (g, a, b, y): [Value, Value] => {
      // The derivative of a⁰ = 1 is 0, also where a⁻¹ is infinite or no number.
      const falls = b.notEqual(0).logicalOr(a.abs().greater(0));
      const flat = a.lessEqual(0);
      return [
        g.mul(b).mul(a.pow(where(falls, b, like(b, 1)).sub(1))),
        where(flat, zeros(g.shape), g.mul(y).mul(where(flat, like(a, 1), a).log())),
      ];
    },
    accepts: FLOATS,
    heavy: true,
    domain: [
      [0.1, 10],
      [-3, 3],
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
    functions: [remainder],
    vjp: (g, a, b, y) => [g, g.mul(a.sub(y).div(b).round()).neg()],
    domain: [
      [-10, 10],
      [0.5, 4],
    ],
  },
  /** The angle of the point (b, a), in radians from −π to π. */
  atan2: {
    wgsl: (a, b) => `angle(${a}, ${b})`,
    functions: [angle],
    vjp: (g, a, b) => {
      const size = a.square().add(b.square());
      return [g.mul(b).div(size), g.mul(a).div(size).neg()];
    },
    accepts: FLOATS,
    heavy: true,
    domain: [
      [0.1, 10],
      [0.1, 10],
    ],
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

/** The comparisons: the result is bool. */
export const comparisons = {
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
  /** a and b */
  logicalAnd: { wgsl: (a, b) => `${a} & ${b}`, accepts: ['bool'] },
  /** a or b */
  logicalOr: { wgsl: (a, b) => `${a} | ${b}`, accepts: ['bool'] },
  /** Either a or b, not both. */
  logicalXor: { wgsl: (a, b) => `${a} != ${b}`, accepts: ['bool'] },
} satisfies Record<string, BinaryRecord>;

export type ArithmeticName = keyof typeof arithmetic;
export type ComparisonName = keyof typeof comparisons;

function split(g: Value, first: Value): readonly [Value, Value] {
  const none = zeros(g.shape);
  return [where(first, g, none), where(first, none, g)];
}

/**
 * The function that a record describes: of a tensor and a tensor or number, which broadcast. It
 * throws a `ShapeError` where they do not, a `DTypeError` where dtypes differ or are not accepted.
 */
export function binaryFunction(
  name: string,
  record: BinaryRecord,
  result?: DType,
): (a: AnyTensor, b: AnyTensor | number) => AnyTensor {
  const { wgsl, functions = [], vjp, accepts = NUMBERS, heavy = false } = record;
  const op: Op<[a: AnyTensor, b: AnyTensor]> = {
    name,
    lowering: {
      kind: 'elementwise',
      wgsl: ([a, b]: [string, string], _, [dtype]: [DType, DType]) => wgsl(a, b, dtype),
      functions,
      heavy,
    },
    ...(vjp && { vjp: (g, { inputs: [a, b], output }) => vjp(g, a, b, output) }),
  };
  return (a, other) => {
    const b = typeof other === 'number' ? operand(name, a, other) : other;
    requireTensor(name, b);
    if (a.dtype !== b.dtype) {
      throw new DTypeError(
        `${name}: ${a.dtype}[${a.shape}] and ${b.dtype}[${b.shape}] differ in dtype. Cast one of them.`,
      );
    }
    requireDType(name, a, accepts);
    const shape = broadcastShapes(name, a.shape, b.shape);
    return apply(op, [expandTo(a, shape), expandTo(b, shape)], { shape, dtype: result ?? a.dtype });
  };
}

function operand(op: string, a: AnyTensor, value: number): AnyTensor {
  checkValue(op, value, a.dtype);
  return like(a, value);
}
