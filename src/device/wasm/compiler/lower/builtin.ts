import type { FunctionSyntax } from '../syntax/tree.ts';
import type { Numeric, Type } from '../syntax/types.ts';
import type { Graph, Node } from '../values/graph.ts';
import * as arithmetic from './arithmetic.ts';
import type { Context } from './context.ts';

type Apply = (context: Context, type: Numeric, args: readonly Node[]) => Node;

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

const binary = (context: Context, operator: string, type: Numeric, a: Node, b: Node) =>
  arithmetic.binary(context.graph, operator, type, a, b);

function constant(graph: Graph, type: Numeric, value: number): Node {
  const one = type.scalar === 'f32' ? graph.f32(value) : graph.i32(value);
  return type.kind === 'vector' ? arithmetic.splat(graph, one, type.scalar) : one;
}

/** An instruction of its own for f32 scalars and vectors. */
function instruction(name: string): Apply {
  return ({ graph }, type, args) =>
    graph.pure(`${type.kind === 'vector' ? 'f32x4' : 'f32'}.${name}`, args);
}

/** The larger or smaller of two: `b` where it goes before `a`, else `a`. */
function extreme(name: 'min' | 'max'): Apply {
  return ({ graph }, type, [a, b]) => {
    const [x, y] = [a as Node, b as Node];
    const { scalar: s } = type;
    if (type.kind === 'vector') {
      const op = s === 'f32' ? `f32x4.p${name}` : `i32x4.${name}_${s === 'i32' ? 's' : 'u'}`;
      return graph.pure(op, [x, y]);
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
function eachLane(op: string): Apply {
  return ({ graph }, type, [a]) => {
    const x = a as Node;
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

const clamp: Apply = (context, type, [x, low, high]) =>
  min(context, type, [max(context, type, [x as Node, low as Node]), high as Node]);

const saturate: Apply = (context, type, [x]) => {
  const [zero, one] = [0, 1].map((k) => constant(context.graph, type, k)) as [Node, Node];
  return clamp(context, type, [x as Node, zero, one]);
};

const dot: Apply = (context, type, [a, b]) =>
  arithmetic.sum(context.graph, type, binary(context, '*', type, a as Node, b as Node));

const length: Apply = (context, type, [x]) =>
  type.kind === 'scalar'
    ? context.graph.pure('f32.abs', [x as Node])
    : context.graph.pure('f32.sqrt', [dot(context, type, [x as Node, x as Node])]);

const scaled =
  (factor: number): Apply =>
  (context, type, [x]) =>
    binary(context, '*', type, x as Node, constant(context.graph, type, factor));

const table: Readonly<Record<string, Apply>> = {
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
  abs: (context, type, [x]) => {
    const { graph } = context;
    const value = x as Node;
    const vectorType = type.kind === 'vector';
    if (type.scalar === 'f32') return graph.pure(vectorType ? 'f32x4.abs' : 'f32.abs', [value]);
    if (type.scalar === 'u32') return value;
    if (vectorType) return graph.pure('i32x4.abs', [value]);
    const negative = graph.pure('i32.lt_s', [value, graph.i32(0)]);
    const opposite = graph.pure('i32.sub', [graph.i32(0), value]);
    return graph.pure('i32.select', [opposite, value, negative]);
  },
  sign: (context, type, [x]) => {
    const { graph } = context;
    const value = x as Node;
    const [zero, one] = [0, 1].map((k) => constant(graph, type, k)) as [Node, Node];
    const above = binary(context, '>', type, value, zero);
    const positive = arithmetic.select(graph, type, zero, one, above, type.kind === 'vector');
    if (type.scalar === 'u32') return positive;
    const below = binary(context, '<', type, value, zero);
    const minus = constant(graph, type, -1);
    return arithmetic.select(graph, type, positive, minus, below, type.kind === 'vector');
  },
  fract: (context, type, [x]) =>
    binary(context, '-', type, x as Node, instruction('floor')(context, type, [x as Node])),
  inverseSqrt: (context, type, [x]) =>
    binary(
      context,
      '/',
      type,
      constant(context.graph, type, 1),
      instruction('sqrt')(context, type, [x as Node]),
    ),
  fma: (context, type, [a, b, c]) =>
    binary(context, '+', type, binary(context, '*', type, a as Node, b as Node), c as Node),
  mix: (context, type, [a, b, t]) => {
    const rest = binary(context, '-', type, constant(context.graph, type, 1), t as Node);
    const first = binary(context, '*', type, a as Node, rest);
    return binary(context, '+', type, first, binary(context, '*', type, b as Node, t as Node));
  },
  step: (context, type, [edge, x]) => {
    const { graph } = context;
    const beyond = binary(context, '<=', type, edge as Node, x as Node);
    const [zero, one] = [0, 1].map((k) => constant(graph, type, k)) as [Node, Node];
    return arithmetic.select(graph, type, zero, one, beyond, type.kind === 'vector');
  },
  smoothstep: (context, type, [low, high, x]) => {
    const span = binary(context, '-', type, high as Node, low as Node);
    const along = binary(context, '-', type, x as Node, low as Node);
    const t = saturate(context, type, [binary(context, '/', type, along, span)]);
    const twice = binary(context, '*', type, constant(context.graph, type, 2), t);
    const slope = binary(context, '-', type, constant(context.graph, type, 3), twice);
    return binary(context, '*', type, binary(context, '*', type, t, t), slope);
  },
  distance: (context, type, [a, b]) =>
    length(context, type, [binary(context, '-', type, a as Node, b as Node)]),
  normalize: (context, type, [x]) => {
    const size = arithmetic.splat(context.graph, length(context, type, [x as Node]), 'f32');
    return binary(context, '/', type, x as Node, size);
  },
  cross: (context, type, [a, b]) => {
    const turn = (v: Node, lanes: number[]) => arithmetic.swizzle(context.graph, v, lanes);
    const [x, y] = [a as Node, b as Node];
    const first = binary(context, '*', type, turn(x, [1, 2, 0]), turn(y, [2, 0, 1]));
    const second = binary(context, '*', type, turn(x, [2, 0, 1]), turn(y, [1, 2, 0]));
    return binary(context, '-', type, first, second);
  },
  all: ({ graph }, type, [x]) => arithmetic.allOrAny(graph, 'all', type, x as Node),
  any: ({ graph }, type, [x]) => arithmetic.allOrAny(graph, 'any', type, x as Node),
};

/** A builtin function of plain values; `types` are those of its arguments. */
export function applyBuiltin(
  context: Context,
  name: string,
  types: readonly Type[],
  args: readonly Node[],
): Node {
  const { graph, math } = context;
  if (PACKING.has(name)) {
    return context.inline(math.functions.get(`_${name}`) as FunctionSyntax, args) as Node;
  }
  // Scalars beside vectors, as in mix.
  const widest = (types.find((type) => type.kind === 'vector') ?? types[0]) as Numeric;
  if (name === 'select') {
    const [no, yes, test] = args as [Node, Node, Node];
    const lanes = types[2]?.kind === 'vector';
    return arithmetic.select(graph, types[0] as Numeric, no, yes, test, lanes);
  }
  const even = args.map((arg, i) =>
    widest.kind === 'vector' && types[i]?.kind === 'scalar'
      ? arithmetic.splat(graph, arg, (types[i] as Numeric).scalar)
      : arg,
  );
  if (!IN_WGSL.has(name)) {
    const apply = table[name];
    if (!apply) throw new Error(`no builtin is called ${name}`);
    return apply(context, widest, even);
  }
  const callee = math.functions.get(`_${name}`) as FunctionSyntax;
  if (widest.kind === 'vector') return context.inline(callee, even) as Node;
  const wide = even.map((arg, i) => arithmetic.splat(graph, arg, (types[i] as Numeric).scalar));
  const result = context.inline(callee, wide) as Node;
  return arithmetic.lane(graph, result, widest.scalar, 0);
}
