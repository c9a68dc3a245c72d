import type { Constant } from '../syntax/tree.ts';
import { isNumeric, type Numeric, type ScalarName, type Type } from '../syntax/types.ts';

/** A constant scalar, or one lane of a vector. */
type Lane = number | boolean;

/** A number brought into a scalar type's range; undefined where WGSL forbids it in a constant. */
export function inType(value: Lane | undefined, scalar: ScalarName): Lane | undefined {
  if (scalar === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'number') return undefined;
  switch (scalar) {
    case 'f32': {
      const rounded = Math.fround(value);
      return Number.isFinite(rounded) ? rounded : undefined;
    }
    case 'i32':
      return value === (value | 0) ? value | 0 : undefined;
    case 'u32':
      return value === value >>> 0 ? value : undefined;
    case 'abstract-int':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'abstract-float':
      return Number.isFinite(value) ? value : undefined;
  }
}

/** The zero value of a type, as a constant. */
export function zeroOf(type: Type): Constant {
  switch (type.kind) {
    case 'scalar':
      return type.scalar === 'bool' ? false : 0;
    case 'vector':
      return Array.from({ length: type.width }, () => (type.scalar === 'bool' ? false : 0));
    case 'array':
      return Array.from({ length: type.count ?? 0 }, () => zeroOf(type.element));
    case 'struct':
      return type.members.map((member) => zeroOf(member.type));
    default:
      return 0;
  }
}

/** Applies a function to the lanes of scalars and vectors side by side; scalars are repeated. */
export function lanewise(
  type: Type,
  args: readonly Constant[],
  apply: (lanes: Lane[]) => Lane | undefined,
): Constant | undefined {
  if (type.kind === 'scalar') return apply(args.map((arg) => laneOf(arg, 0)));
  if (type.kind !== 'vector') return undefined;
  const lanes: Lane[] = [];
  for (let lane = 0; lane < type.width; lane++) {
    const result = apply(args.map((arg) => laneOf(arg, lane)));
    if (result === undefined) return undefined;
    lanes.push(result);
  }
  return lanes;
}

function laneOf(constant: Constant, lane: number): Lane {
  const own = typeof constant === 'object' ? constant[lane] : constant;
  if (own === undefined || typeof own === 'object')
    throw new Error(`a constant has no lane ${lane}`);
  return own;
}

function wrap(value: number, scalar: ScalarName): number | boolean | undefined {
  if (scalar === 'i32') return value | 0;
  if (scalar === 'u32') return value >>> 0;
  return inType(value, scalar);
}

/** The explicit conversion `scalar(value)`: cuts off fractions, saturates, keeps bits of integers. */
export function converted(value: Lane | undefined, scalar: ScalarName): Lane | undefined {
  if (scalar === 'bool') return typeof value === 'boolean' ? value : value !== 0;
  const number = Number(value);
  if (Number.isInteger(number)) return wrap(number, scalar);
  if (scalar === 'i32') return Math.trunc(Math.min(Math.max(number, -2147483648), 2147483647));
  if (scalar === 'u32') return Math.trunc(Math.min(Math.max(number, 0), 4294967295));
  return inType(number, scalar);
}

export function unary(operator: string, type: Numeric, operand: Constant): Constant | undefined {
  return lanewise(type, [operand], ([x]) => {
    if (operator === '!') return !x;
    if (operator === '~') return wrap(~Number(x), type.scalar);
    const negated = -Number(x);
    return type.scalar.includes('int') || type.scalar === 'i32'
      ? wrap(negated + 0, type.scalar)
      : inType(negated, type.scalar);
  });
}

const COMPARISONS: Record<string, (a: number | boolean, b: number | boolean) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/** A binary operation on constants of one scalar type; undefined where WGSL forbids it. */
export function binary(
  operator: string,
  scalar: ScalarName,
  result: Type,
  left: Constant,
  right: Constant,
): Constant | undefined {
  const compare = COMPARISONS[operator];
  return lanewise(result, [left, right], ([a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    if (compare) return compare(a, b);
    if (typeof a === 'boolean' || typeof b === 'boolean') {
      if (operator === '&' || operator === '&&') return Boolean(a) && Boolean(b);
      return operator === '|' || operator === '||' ? Boolean(a) || Boolean(b) : undefined;
    }
    return arithmetic(operator, scalar, a, b);
  });
}

function arithmetic(operator: string, scalar: ScalarName, a: number, b: number) {
  const whole = scalar === 'i32' || scalar === 'u32' || scalar === 'abstract-int';
  switch (operator) {
    case '+':
      return wrap(a + b, scalar);
    case '-':
      return wrap(a - b, scalar);
    case '*':
      return scalar === 'i32' || scalar === 'u32'
        ? wrap(Math.imul(a, b), scalar)
        : wrap(a * b, scalar);
    case '/':
      if (!whole) return inType(a / b, scalar);
      return b === 0 ? undefined : wrap(Math.trunc(a / b), scalar);
    case '%':
      if (b === 0) return undefined;
      return wrap(whole ? (a % b) + 0 : a % b, scalar);
    case '&':
      return wrap(Number(BigInt.asIntN(64, BigInt(a) & BigInt(b))), scalar);
    case '|':
      return wrap(Number(BigInt.asIntN(64, BigInt(a) | BigInt(b))), scalar);
    case '^':
      return wrap(Number(BigInt.asIntN(64, BigInt(a) ^ BigInt(b))), scalar);
    case '<<':
      return scalar === 'abstract-int' ? wrap(a * 2 ** b, scalar) : wrap(a << b, scalar);
    case '>>':
      if (scalar === 'u32') return a >>> b;
      return scalar === 'i32' ? a >> b : Math.floor(a / 2 ** b);
    default:
      return undefined;
  }
}

const FUNCTIONS: Record<string, (...args: number[]) => number> = {
  abs: Math.abs,
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  atan2: Math.atan2,
  ceil: Math.ceil,
  clamp: (x, low, high) => Math.min(Math.max(x, low), high),
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  floor: Math.floor,
  fract: (x) => x - Math.floor(x),
  inverseSqrt: (x) => 1 / Math.sqrt(x),
  log: Math.log,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
  pow: (x, y) => x ** y,
  sign: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
};

/** A builtin function of constants, for those that are worth it. */
export function builtin(name: string, type: Type, args: readonly Constant[]): Constant | undefined {
  if (!isNumeric(type)) return undefined;
  if (name === 'select') {
    return lanewise(type, args, ([no, yes, test]) => (test ? yes : no));
  }
  const apply = FUNCTIONS[name];
  if (!apply) return undefined;
  return lanewise(type, args, (lanes) => inType(apply(...lanes.map(Number)), type.scalar));
}
