import {
  isNumeric,
  type Numeric,
  type ScalarName,
  type Type,
  withScalar,
} from '../syntax/types.ts';
import type { Graph, Value } from '../values/graph.ts';
import { instructionOf, type Op } from '../values/opcodes.ts';
import { operand } from '../values/operand.ts';

/** The wasm type of one value: every vector is one SIMD register. */
export function registerOf(type: Type): 'i32' | 'f32' | 'v128' {
  if (type.kind === 'vector') return 'v128';
  return type.kind === 'scalar' && type.scalar === 'f32' ? 'f32' : 'i32';
}

function shapeOf(type: Numeric): 'f32' | 'f32x4' | 'i32' | 'i32x4' {
  const float = type.scalar === 'f32';
  if (type.kind === 'vector') return float ? 'f32x4' : 'i32x4';
  return float ? 'f32' : 'i32';
}

/** The lanes behind a vector's width hold anything; this mask is 0 there. */
function widthMask(graph: Graph, width: number): Value {
  return graph.v128([0, 1, 2, 3].map((lane) => (lane < width ? -1 : 0)));
}

export function splat(graph: Graph, node: Value, scalar: ScalarName): Value {
  if (scalar === 'bool') {
    return graph.pure('i32x4.splat', [graph.pure('i32.mask', [node])]);
  }
  return graph.pure(scalar === 'f32' ? 'f32x4.splat' : 'i32x4.splat', [node]);
}

/** One lane of a vector. */
export function lane(graph: Graph, vector: Value, scalar: ScalarName, index: number): Value {
  const op = scalar === 'f32' ? 'f32x4.extract_lane' : 'i32x4.extract_lane';
  const value = graph.pure(op, [vector], [index]);
  return scalar === 'bool' ? graph.pure('i32.and', [value, graph.i32(1)]) : value;
}

export function withLane(
  graph: Graph,
  vector: Value,
  value: Value,
  scalar: ScalarName,
  index: number,
): Value {
  if (scalar === 'f32') return graph.pure('f32x4.replace_lane', [vector, value], [index]);
  const bits = scalar === 'bool' ? graph.pure('i32.mask', [value]) : value;
  return graph.pure('i32x4.replace_lane', [vector, bits], [index]);
}

const LANE_BYTES = [0x03020100, 0x03020100, 0x03020100, 0x03020100];

/** The lane of a vector at a number known only when the kernel runs. */
export function dynamicLane(graph: Graph, vector: Value, scalar: ScalarName, index: Value): Value {
  // Byte numbers 4·index … 4·index + 3 in each lane.
  const first = graph.pure('i32.mul', [index, graph.i32(0x04040404)]);
  const bytes = graph.pure('i32x4.add', [
    graph.pure('i32x4.splat', [first]),
    graph.v128(LANE_BYTES),
  ]);
  return lane(graph, graph.pure('i8x16.swizzle', [vector, bytes]), scalar, 0);
}

export function withDynamicLane(
  graph: Graph,
  vector: Value,
  value: Value,
  scalar: ScalarName,
  index: Value,
): Value {
  const here = graph.pure('i32x4.eq', [
    graph.pure('i32x4.splat', [index]),
    graph.v128([0, 1, 2, 3]),
  ]);
  return graph.pure('v128.bitselect', [splat(graph, value, scalar), vector, here]);
}

/** The lanes of a vector in another order. */
export function swizzle(graph: Graph, vector: Value, lanes: readonly number[]): Value {
  const bytes: number[] = [];
  const last = lanes[lanes.length - 1] ?? 0;
  for (let i = 0; i < 4; i++) {
    const from = lanes[i] ?? last;
    for (let byte = 0; byte < 4; byte++) bytes.push(from * 4 + byte);
  }
  return graph.pure('i8x16.shuffle', [vector, vector], bytes);
}

/** `yes` where the test holds, else `no`; a vector's test may be one bool or one per lane. */
export function select(
  graph: Graph,
  type: Numeric,
  no: Value,
  yes: Value,
  test: Value,
  lanes: boolean,
): Value {
  if (lanes) return graph.pure('v128.bitselect', [yes, no, test]);
  return graph.pure(`${registerOf(type)}.select`, [yes, no, test]);
}

const FLOAT_OPERATORS: Record<string, string> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
};
const INTEGER_OPERATORS: Record<string, string> = {
  ...FLOAT_OPERATORS,
  '%': 'rem',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shl',
  '>>': 'shr',
};
const SIGNED_APART = new Set(['lt', 'gt', 'le', 'ge', 'shr', 'div', 'rem']);

/** `a operator b` of two operands of one type; for shifts, `b` is u32. */
export function binary(graph: Graph, operator: string, type: Numeric, a: Value, b: Value): Value {
  const { scalar } = type;
  const shape = shapeOf(type);
  if (scalar === 'f32') {
    if (operator === '%') {
      return floatRemainder(graph, type.kind === 'vector' ? 'f32x4' : 'f32', a, b);
    }
    return graph.pure(instructionOf(`${shape}.${FLOAT_OPERATORS[operator]}`), [a, b]);
  }
  const name = INTEGER_OPERATORS[operator];
  if (!name) throw new Error(`integers have no operator ${operator}`);
  const logical = name === 'and' || name === 'or' || name === 'xor';
  const op = type.kind === 'vector' && logical ? `v128.${name}` : `${shape}.${name}`;
  if (scalar === 'bool' || logical) return graph.pure(instructionOf(op), [a, b]);
  const sign = scalar === 'i32' ? '_s' : '_u';
  if (name === 'div' || name === 'rem') {
    return type.kind === 'vector'
      ? vectorDivision(graph, name, sign, a, b)
      : division(graph, name, sign, a, b);
  }
  if (type.kind === 'vector' && (name === 'shl' || name === 'shr')) {
    return vectorShift(graph, name === 'shl' ? 'shl' : `shr${sign}`, a, b);
  }
  return graph.pure(instructionOf(SIGNED_APART.has(name) ? `${op}${sign}` : op), [a, b]);
}

// In WGSL, x / 0 is x and x % 0 is 0: the same as with a divisor of 1. So is INT_MIN / -1.
function division(graph: Graph, name: 'div' | 'rem', sign: '_s' | '_u', a: Value, b: Value): Value {
  const constant = b.op === 'i32.const' ? b.imm[0] : undefined;
  let divisor = b;
  if (constant === undefined || constant === 0) {
    divisor = graph.pure('i32.or', [b, graph.pure('i32.eqz', [b])]);
    if (constant === 0) divisor = graph.i32(1);
  }
  if (sign === '_s' && name === 'div' && (constant === undefined || constant === -1)) {
    const overflow = graph.pure('i32.and', [
      graph.pure('i32.eq', [a, graph.i32(-2147483648)]),
      graph.pure('i32.eq', [b, graph.i32(-1)]),
    ]);
    divisor = graph.pure('i32.select', [graph.i32(1), divisor, overflow]);
  }
  return graph.pure(`i32.${name}${sign}`, [a, divisor]);
}

// Lanes are divided as doubles, which hold every quotient of 32-bit integers exactly enough.
function vectorDivision(
  graph: Graph,
  name: 'div' | 'rem',
  sign: '_s' | '_u',
  a: Value,
  b: Value,
): Value {
  const same = sameConstant(b);
  if (sign === '_u' && same !== undefined && same !== 0 && (same & (same - 1)) === 0) {
    if (name === 'rem') return graph.pure('v128.and', [a, graph.v128(Array(4).fill(same - 1))]);
    return graph.pure('i32x4.shr_u', [a, graph.i32(31 - Math.clz32(same))]);
  }
  const zero = graph.pure('i32x4.eq', [b, graph.v128([0, 0, 0, 0])]);
  let divisor = same ? b : graph.pure('i32x4.sub', [b, zero]);
  if (sign === '_s') {
    const overflow = graph.pure('v128.and', [
      graph.pure('i32x4.eq', [a, graph.v128(Array(4).fill(-2147483648))]),
      graph.pure('i32x4.eq', [b, graph.v128(Array(4).fill(-1))]),
    ]);
    divisor = graph.pure('v128.bitselect', [graph.v128([1, 1, 1, 1]), divisor, overflow]);
  }
  const half = (lanes: readonly number[]) => {
    const double = (v: Value) =>
      graph.pure(`f64x2.convert_low_i32x4${sign}`, [lanes[0] === 0 ? v : swizzle(graph, v, lanes)]);
    const quotient = graph.pure('f64x2.div', [double(a), double(divisor)]);
    return graph.pure(`i32x4.trunc_sat_f64x2${sign}_zero`, [quotient]);
  };
  const bytes = Array.from({ length: 16 }, (_, i) => (i < 8 ? i : i + 8));
  const quotient = graph.pure('i8x16.shuffle', [half([0, 1]), half([2, 3])], bytes);
  if (name === 'div') return quotient;
  return graph.pure('i32x4.sub', [a, graph.pure('i32x4.mul', [quotient, divisor])]);
}

function sameConstant(node: Value): number | undefined {
  if (node.op !== 'v128.const') return undefined;
  const [first] = node.imm;
  return node.imm.every((lane) => lane === first) ? first : undefined;
}

function vectorShift(graph: Graph, name: 'shl' | 'shr_s' | 'shr_u', a: Value, b: Value): Value {
  const op: Op = `i32x4.${name}`;
  const same = sameConstant(b);
  if (same !== undefined) return graph.pure(op, [a, graph.i32(same & 31)]);
  if (b.op === 'i32x4.splat') return graph.pure(op, [a, operand(b, 0)]);
  // wasm shifts all lanes by one amount.
  let result = a;
  for (let i = 0; i < 4; i++) {
    const shifted = graph.pure(`i32.${name}`, [lane(graph, a, 'i32', i), lane(graph, b, 'i32', i)]);
    result = withLane(graph, result, shifted, 'i32', i);
  }
  return result;
}

function floatRemainder(graph: Graph, shape: 'f32' | 'f32x4', a: Value, b: Value): Value {
  const quotient = graph.pure(`${shape}.trunc`, [graph.pure(`${shape}.div`, [a, b])]);
  return graph.pure(`${shape}.sub`, [a, graph.pure(`${shape}.mul`, [quotient, b])]);
}

export function unary(graph: Graph, operator: string, type: Numeric, a: Value): Value {
  const vector = type.kind === 'vector';
  if (operator === '-') {
    if (type.scalar === 'f32') return graph.pure(vector ? 'f32x4.neg' : 'f32.neg', [a]);
    return vector ? graph.pure('i32x4.neg', [a]) : graph.pure('i32.sub', [graph.i32(0), a]);
  }
  if (operator === '!') return vector ? graph.pure('v128.not', [a]) : graph.pure('i32.eqz', [a]);
  return vector ? graph.pure('v128.not', [a]) : graph.pure('i32.xor', [a, graph.i32(-1)]);
}

/** The conversion `to(value)` between scalars, or between vectors of one width. */
export function convert(graph: Graph, from: Numeric, to: Numeric, value: Value): Value {
  const [a, b] = [from.scalar, to.scalar];
  const vector = from.kind === 'vector';
  if (a === b) return value;
  if (b === 'bool') {
    const zero = vector ? graph.v128([0, 0, 0, 0]) : a === 'f32' ? graph.f32(0) : graph.i32(0);
    return binary(graph, '!=', from, value, zero);
  }
  if (a === 'bool') {
    const one = b === 'f32' ? 0x3f800000 : 1;
    if (vector) return graph.pure('v128.and', [value, graph.v128(Array(4).fill(one))]);
    return b === 'f32' ? graph.pure('f32.convert_i32_s', [value]) : value;
  }
  if (b === 'f32') {
    const sign = a === 'i32' ? 's' : 'u';
    return graph.pure(vector ? `f32x4.convert_i32x4_${sign}` : `f32.convert_i32_${sign}`, [value]);
  }
  if (a === 'f32') {
    const sign = b === 'i32' ? 's' : 'u';
    return graph.pure(vector ? `i32x4.trunc_sat_f32x4_${sign}` : `i32.trunc_sat_f32_${sign}`, [
      value,
    ]);
  }
  return value;
}

export function bitcast(graph: Graph, from: Numeric, to: Numeric, value: Value): Value {
  if (from.kind === 'vector' || (from.scalar === 'f32') === (to.scalar === 'f32')) return value;
  return graph.pure(to.scalar === 'f32' ? 'f32.reinterpret_i32' : 'i32.reinterpret_f32', [value]);
}

/** Whether all, or any, of a bool vector's lanes hold. */
export function allOrAny(graph: Graph, name: 'all' | 'any', type: Type, value: Value): Value {
  if (!isNumeric(type) || type.kind === 'scalar') return value;
  const mask = widthMask(graph, type.width);
  if (name === 'any') return graph.pure('v128.any_true', [graph.pure('v128.and', [value, mask])]);
  const others = graph.pure('v128.not', [mask]);
  return graph.pure('i32x4.all_true', [graph.pure('v128.or', [value, others])]);
}

/** The sum of a vector's lanes. */
export function sum(graph: Graph, type: Numeric, value: Value): Value {
  if (type.kind === 'scalar') return value;
  const one = withScalar(type, type.scalar);
  let total = lane(graph, value, type.scalar, 0);
  const scalarType: Numeric = { kind: 'scalar', scalar: one.scalar };
  for (let i = 1; i < type.width; i++) {
    total = binary(graph, '+', scalarType, total, lane(graph, value, type.scalar, i));
  }
  return total;
}
