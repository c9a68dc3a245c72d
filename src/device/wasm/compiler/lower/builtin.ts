import { asNumeric } from '../syntax/checked.ts';
import type { Numeric, Type } from '../syntax/types.ts';
import type { Graph, Value } from '../values/graph.ts';
import type { Op } from '../values/opcodes.ts';
import * as arithmetic from './arithmetic.ts';
import { registerIn } from './contents.ts';
import type { Context } from './context.ts';

type Unary = (context: Context, type: Numeric, x: Value) => Value;
type Binary = (context: Context, type: Numeric, a: Value, b: Value) => Value;
type Ternary = (context: Context, type: Numeric, a: Value, b: Value, c: Value) => Value;

/** Functions written in WGSL over vec4s; scalars and narrower vectors take the same way. */
const IN_WGSL = new Set([
  'acos',
  'asin',
  'atan',
  'atan2',
  'cos',
  'cosh',
  'exp',
  'exp2',
  'ldexp',
  'log',
  'log2',
  'pow',
  'reverseBits',
  'sin',
  'sinh',
  'tan',
  'tanh',
]);
/** Functions written in WGSL that take and give whole values as they are. */
const PACKING = new Set([
  'pack4x8snorm',
  'pack4x8unorm',
  'pack2x16float',
  'pack4xU8',
  'pack4xI8',
  'unpack4x8snorm',
  'unpack4x8unorm',
  'unpack2x16float',
  'unpack4xU8',
  'unpack4xI8',
]);

const binary = (context: Context, operator: string, type: Numeric, a: Value, b: Value) =>
  arithmetic.binary(context.graph, operator, type, a, b);

function constant(graph: Graph, type: Numeric, value: number): Value {
  const one = type.scalar === 'f32' ? graph.f32(value) : graph.i32(value);
  return type.kind === 'vector' ? arithmetic.splat(graph, one, type.scalar) : one;
}

/** An instruction of its own for f32 scalars and vectors. */
function instruction(name: 'ceil' | 'floor' | 'trunc' | 'nearest' | 'sqrt'): Unary {
  return ({ graph }, type, x) =>
    graph.pure(`${type.kind === 'vector' ? 'f32x4' : 'f32'}.${name}`, [x]);
}

/** The larger or smaller of two: `b` where it goes before `a`, else `a`. */
function extreme(name: 'min' | 'max'): Binary {
  return ({ graph }, type, x, y) => {
    const { scalar: s } = type;
    if (type.kind === 'vector') {
      if (s === 'f32') return graph.pure(`f32x4.p${name}`, [x, y]);
      return graph.pure(`i32x4.${name}_${s === 'i32' ? 's' : 'u'}`, [x, y]);
    }
    if (s === 'f32') {
      const wide = [x, y].map((v) => arithmetic.splat(graph, v, 'f32'));
      return arithmetic.lane(graph, graph.pure(`f32x4.p${name}`, wide), 'f32', 0);
    }
    const before = graph.pure(`i32.${name === 'min' ? 'lt' : 'gt'}_${s === 'i32' ? 's' : 'u'}`, [
      x,
      y,
    ]);
    return graph.pure('i32.select', [x, y, before]);
  };
}

/** A function of integers that wasm has for scalars only. */
function eachLane(op: Op): Unary {
  return ({ graph }, type, x) => {
    if (type.kind === 'scalar') return graph.pure(op, [x]);
    let result = x;
    for (let i = 0; i < type.width; i++) {
      const value = graph.pure(op, [arithmetic.lane(graph, x, 'i32', i)]);
      result = arithmetic.withLane(graph, result, value, 'i32', i);
    }
    return result;
  };
}

const min = extreme('min');
const max = extreme('max');

const clamp: Ternary = (context, type, x, low, high) =>
  min(context, type, max(context, type, x, low), high);

const saturate: Unary = (context, type, x) => {
  const [zero, one] = [constant(context.graph, type, 0), constant(context.graph, type, 1)];
  return clamp(context, type, x, zero, one);
};

const dot: Binary = (context, type, a, b) =>
  arithmetic.sum(context.graph, type, binary(context, '*', type, a, b));

const length: Unary = (context, type, x) =>
  type.kind === 'scalar'
    ? context.graph.pure('f32.abs', [x])
    : context.graph.pure('f32.sqrt', [dot(context, type, x, x)]);

const scaled =
  (factor: number): Unary =>
  (context, type, x) =>
    binary(context, '*', type, x, constant(context.graph, type, factor));

const table: Readonly<Record<string, Ternary>> = {
  ceil: instruction('ceil'),
  floor: instruction('floor'),
  trunc: instruction('trunc'),
  round: instruction('nearest'),
  sqrt: instruction('sqrt'),
  min,
  max,
  clamp,
  saturate,
  dot,
  length,
  degrees: scaled(180 / Math.PI),
  radians: scaled(Math.PI / 180),
  countLeadingZeros: eachLane('i32.clz'),
  countTrailingZeros: eachLane('i32.ctz'),
  countOneBits: eachLane('i32.popcnt'),
  abs: (context, type, x) => {
    const { graph } = context;
    const vectorType = type.kind === 'vector';
    if (type.scalar === 'f32') return graph.pure(vectorType ? 'f32x4.abs' : 'f32.abs', [x]);
    if (type.scalar === 'u32') return x;
    if (vectorType) return graph.pure('i32x4.abs', [x]);
    const negative = graph.pure('i32.lt_s', [x, graph.i32(0)]);
    const opposite = graph.pure('i32.sub', [graph.i32(0), x]);
    return graph.pure('i32.select', [opposite, x, negative]);
  },
  sign: (context, type, x) => {
    const { graph } = context;
    const [zero, one] = [constant(graph, type, 0), constant(graph, type, 1)];
    const above = binary(context, '>', type, x, zero);
    const positive = arithmetic.select(graph, type, zero, one, above, type.kind === 'vector');
    if (type.scalar === 'u32') return positive;
    const below = binary(context, '<', type, x, zero);
    const minus = constant(graph, type, -1);
    return arithmetic.select(graph, type, positive, minus, below, type.kind === 'vector');
  },
  fract: (context, type, x) =>
    binary(context, '-', type, x, instruction('floor')(context, type, x)),
  inverseSqrt: (context, type, x) =>
    binary(
      context,
      '/',
      type,
      constant(context.graph, type, 1),
      instruction('sqrt')(context, type, x),
    ),
  fma: (context, type, a, b, c) => binary(context, '+', type, binary(context, '*', type, a, b), c),
  mix: (context, type, a, b, t) => {
    const rest = binary(context, '-', type, constant(context.graph, type, 1), t);
    const first = binary(context, '*', type, a, rest);
    return binary(context, '+', type, first, binary(context, '*', type, b, t));
  },
  step: (context, type, edge, x) => {
    const { graph } = context;
    const beyond = binary(context, '<=', type, edge, x);
    const [zero, one] = [constant(graph, type, 0), constant(graph, type, 1)];
    return arithmetic.select(graph, type, zero, one, beyond, type.kind === 'vector');
  },
  smoothstep: (context, type, low, high, x) => {
    const span = binary(context, '-', type, high, low);
    const along = binary(context, '-', type, x, low);
    const t = saturate(context, type, binary(context, '/', type, along, span));
    const twice = binary(context, '*', type, constant(context.graph, type, 2), t);
    const slope = binary(context, '-', type, constant(context.graph, type, 3), twice);
    return binary(context, '*', type, binary(context, '*', type, t, t), slope);
  },
  distance: (context, type, a, b) => length(context, type, binary(context, '-', type, a, b)),
  normalize: (context, type, x) => {
    const size = arithmetic.splat(context.graph, length(context, type, x), 'f32');
    return binary(context, '/', type, x, size);
  },
  cross: (context, type, x, y) => {
    const turn = (v: Value, lanes: number[]) => arithmetic.swizzle(context.graph, v, lanes);
    const first = binary(context, '*', type, turn(x, [1, 2, 0]), turn(y, [2, 0, 1]));
    const second = binary(context, '*', type, turn(x, [2, 0, 1]), turn(y, [1, 2, 0]));
    return binary(context, '-', type, first, second);
  },
  all: ({ graph }, type, x) => arithmetic.allOrAny(graph, 'all', type, x),
  any: ({ graph }, type, x) => arithmetic.allOrAny(graph, 'any', type, x),
};

/** A builtin function of plain values; `types` are those of its arguments. */
export function applyBuiltin(
  context: Context,
  name: string,
  types: readonly Type[],
  args: readonly Value[],
): Value {
  const { graph } = context;
  if (PACKING.has(name)) {
    return inlineMath(context, name, args);
  }
  // Scalars beside vectors, as in mix.
  const widest = asNumeric(types.find((type) => type.kind === 'vector') ?? types[0]);
  const [no, yes, test] = args;
  if (name === 'select' && no && yes && test) {
    const lanes = types[2]?.kind === 'vector';
    return arithmetic.select(graph, asNumeric(types[0]), no, yes, test, lanes);
  }
  const spread = (arg: Value, i: number) =>
    arithmetic.splat(graph, arg, asNumeric(types[i]).scalar);
  const even = args.map((arg, i) =>
    widest.kind === 'vector' && types[i]?.kind === 'scalar' ? spread(arg, i) : arg,
  );
  if (!IN_WGSL.has(name)) {
    const apply = table[name];
    if (!apply) throw new Error(`no builtin is called ${name}`);
    // The checks have counted the arguments: a function of fewer does not look at the others.
    const [a] = even;
    if (!a) throw new Error(`${name} is without arguments`);
    const [, b = a, c = a] = even;
    return apply(context, widest, a, b, c);
  }
  if (widest.kind === 'vector') return inlineMath(context, name, even);
  return arithmetic.lane(graph, inlineMath(context, name, even.map(spread)), widest.scalar, 0);
}

/** A call of the builtin that is written in WGSL. */
function inlineMath(context: Context, name: string, args: readonly Value[]): Value {
  const callee = context.math.functions.get(`_${name}`);
  if (!callee) throw new Error(`no function _${name} is written`);
  return registerIn(context.inline(callee, args));
}
