import { bitsOf, constantOf, floatOf } from './bits.ts';
import type { Graph, Node } from './graph.ts';

/** A simpler node for an operation, where there is one. */
export function simplify(
  graph: Graph,
  op: string,
  args: readonly Node[],
  imm: readonly number[],
): Node | undefined {
  if (args.length === 0) return undefined;
  const folded = fold(graph, op, args);
  if (folded) return folded;
  const [a, b, c] = args as [Node, Node, Node];
  switch (op) {
    case 'i32.add':
      return add(graph, a, b);
    case 'i32.sub': {
      const k = constantOf(b);
      if (k !== undefined) return graph.pure('i32.add', [a, graph.i32(-k)]);
      return a === b ? graph.i32(0) : undefined;
    }
    case 'i32.mul':
      return multiply(graph, a, b);
    case 'i32.shl':
      return shiftLeft(graph, a, b);
    case 'i32.shr_u':
    case 'i32.shr_s':
      return constantOf(b) === 0 ? a : undefined;
    case 'i32.and':
      return and(graph, a, b);
    case 'i32.or':
    case 'i32.xor':
      if (constantOf(a) === 0) return b;
      if (constantOf(b) === 0) return a;
      return a === b && op === 'i32.or' ? a : undefined;
    case 'i32.div_u':
    case 'i32.rem_u':
      return divide(graph, op, a, b);
    case 'i32.div_s':
      return constantOf(b) === 1 ? a : undefined;
    case 'i32.eqz':
      return negated(graph, a);
    case 'i32.eq':
      return constantOf(b) === 0 ? graph.pure('i32.eqz', [a]) : undefined;
    case 'i32.ne':
      return constantOf(b) === 0 && isTruth(a) ? a : undefined;
    case 'i32.select':
    case 'f32.select':
    case 'v128.select':
      return select(graph, op, a, b, c);
    case 'f32.mul':
      if (a.op === 'f32.const' && floatOf(a.imm[0] as number) === 1) return b;
      if (b.op === 'f32.const' && floatOf(b.imm[0] as number) === 1) return a;
      return undefined;
    case 'f32x4.splat':
    case 'i32x4.splat':
      return splat(graph, op, a);
    case 'f32x4.extract_lane':
    case 'i32x4.extract_lane':
      return extract(graph, op, a, imm[0] as number);
    case 'i8x16.shuffle':
      return imm.every((byte, i) => byte === i) ? a : undefined;
    case 'v128.and':
      if (isLanes(a, 0) || isLanes(b, -1)) return a;
      return isLanes(b, 0) || isLanes(a, -1) ? b : undefined;
    case 'v128.andnot':
      if (isLanes(a, 0) || isLanes(b, 0)) return a;
      return undefined;
    case 'v128.or':
    case 'v128.xor':
      if (isLanes(a, 0)) return b;
      return isLanes(b, 0) ? a : undefined;
    case 'v128.bitselect':
      if (isLanes(c, -1) || a === b) return a;
      if (isLanes(c, 0)) return b;
      if (isLanes(b, 0)) return graph.pure('v128.and', [a, c]);
      return isLanes(a, 0) ? graph.pure('v128.andnot', [b, c]) : undefined;
    case 'i32x4.add':
      if (isLanes(a, 0)) return b;
      return isLanes(b, 0) ? a : undefined;
    case 'i32x4.shl':
    case 'i32x4.shr_u':
    case 'i32x4.shr_s':
      return constantOf(b) === 0 ? a : undefined;
    default:
      return undefined;
  }
}

function isLanes(node: Node, bits: number): boolean {
  return node.op === 'v128.const' && node.imm.every((lane) => lane === bits);
}

function isTruth(node: Node): boolean {
  return /^(?:i32\.(?:eqz?|ne|[lg][te]_[su])|f32\.(?:eq|ne|[lg][te])|v128\.any_true|i32x4\.all_true)$/.test(
    node.op,
  );
}

const INVERSE: Record<string, string> = {
  'i32.eq': 'i32.ne',
  'i32.ne': 'i32.eq',
  'i32.lt_s': 'i32.ge_s',
  'i32.lt_u': 'i32.ge_u',
  'i32.gt_s': 'i32.le_s',
  'i32.gt_u': 'i32.le_u',
  'i32.le_s': 'i32.gt_s',
  'i32.le_u': 'i32.gt_u',
  'i32.ge_s': 'i32.lt_s',
  'i32.ge_u': 'i32.lt_u',
  'f32.eq': 'f32.ne',
  'f32.ne': 'f32.eq',
};

function negated(graph: Graph, a: Node): Node | undefined {
  const inverse = INVERSE[a.op];
  if (inverse) return graph.pure(inverse, a.args);
  return a.op === 'i32.eqz' && isTruth(a.args[0] as Node) ? a.args[0] : undefined;
}

function add(graph: Graph, a: Node, b: Node): Node | undefined {
  const ka = constantOf(a);
  const kb = constantOf(b);
  if (ka !== undefined) return graph.pure('i32.add', [b, a]);
  if (kb === 0) return a;
  if (kb !== undefined && a.op === 'i32.add') {
    const inner = constantOf(a.args[1] as Node);
    if (inner !== undefined)
      return graph.pure('i32.add', [a.args[0] as Node, graph.i32(inner + kb)]);
  }
  // Constants move outwards, where a load takes them into its own offset.
  if (kb === undefined) {
    const left = a.op === 'i32.add' ? constantOf(a.args[1] as Node) : undefined;
    if (left !== undefined) {
      return graph.pure('i32.add', [
        graph.pure('i32.add', [a.args[0] as Node, b]),
        graph.i32(left),
      ]);
    }
    const right = b.op === 'i32.add' ? constantOf(b.args[1] as Node) : undefined;
    if (right !== undefined) {
      return graph.pure('i32.add', [
        graph.pure('i32.add', [a, b.args[0] as Node]),
        graph.i32(right),
      ]);
    }
  }
  return (
    wholeOfParts(a, b) ??
    wholeOfParts(b, a) ??
    alignedSum(graph, a, b) ??
    alignedSum(graph, b, a) ??
    lowAndHigh(graph, a, b)
  );
}

/** The address of a binding, a multiple of 16. */
function isBase(node: Node): boolean {
  const [table] = node.args;
  return node.op === 'i32.load' && table?.op === 'parameter' && table.imm[0] === 0;
}

// base + (i & -16) as (base + i) & -16: the sum may then be a counter of a loop.
function alignedSum(graph: Graph, base: Node, masked: Node): Node | undefined {
  if (masked.op !== 'i32.and' || !isBase(base)) return undefined;
  const [i, mask] = masked.args as [Node, Node];
  const k = constantOf(mask);
  if (k === undefined || k >= 0 || k < -16 || (k & 15 & (-k - 1)) !== 0) return undefined;
  return graph.pure('i32.and', [graph.pure('i32.add', [i, base]), mask]);
}

// (n / d) * d + n % d
function wholeOfParts(product: Node, rest: Node): Node | undefined {
  if (product.op !== 'i32.mul' || rest.op !== 'i32.rem_u') return undefined;
  const [n, d] = rest.args as [Node, Node];
  const [x, y] = product.args as [Node, Node];
  const isQuotient = (q: Node) => q.op === 'i32.div_u' && q.args[0] === n && q.args[1] === d;
  return (isQuotient(x) && y === d) || (isQuotient(y) && x === d) ? n : undefined;
}

// ((i << 2) & ~15) + ((i << 2) & 12), as in `v[i >> 2][i & 3]`
function lowAndHigh(graph: Graph, a: Node, b: Node): Node | undefined {
  const part = (node: Node): [Node, number] | undefined => {
    const mask = node.op === 'i32.and' ? constantOf(node.args[1] as Node) : undefined;
    return mask === undefined ? undefined : [node.args[0] as Node, mask];
  };
  const [x, y] = [part(a), part(b)];
  if (x && y && x[0] === y[0] && (x[1] & y[1]) === 0) {
    return graph.pure('i32.and', [x[0], graph.i32(x[1] | y[1])]);
  }
  // (base + (i << 2)) & ~15 first, then + ((i << 2) & 12)
  if (x && y && x[0].op === 'i32.add' && (x[1] & y[1]) === 0) {
    const [i, base] = x[0].args as [Node, Node];
    if (i === y[0] && isBase(base)) {
      return graph.pure('i32.add', [graph.pure('i32.and', [i, graph.i32(x[1] | y[1])]), base]);
    }
  }
  return undefined;
}

function multiply(graph: Graph, a: Node, b: Node): Node | undefined {
  const ka = constantOf(a);
  const kb = constantOf(b);
  if (ka !== undefined) return graph.pure('i32.mul', [b, a]);
  if (kb === undefined) return undefined;
  if (kb === 0) return b;
  if (kb === 1) return a;
  const shift = powerOfTwo(kb);
  return shift === undefined ? undefined : graph.pure('i32.shl', [a, graph.i32(shift)]);
}

function powerOfTwo(value: number): number | undefined {
  const unsigned = value >>> 0;
  if (unsigned === 0 || (unsigned & (unsigned - 1)) !== 0) return undefined;
  return 31 - Math.clz32(unsigned);
}

function shiftLeft(graph: Graph, a: Node, b: Node): Node | undefined {
  const k = constantOf(b);
  if (k === undefined) return undefined;
  const shift = k & 31;
  if (shift === 0) return a;
  const [x, y] = a.args as [Node, Node];
  const inner = y && constantOf(y);
  if (inner === undefined) return undefined;
  if (a.op === 'i32.shl' && shift + (inner & 31) < 32) {
    return graph.pure('i32.shl', [x, graph.i32(shift + (inner & 31))]);
  }
  // (x >> j) << k, as in an index into vec4s made of an index of scalars
  if (a.op === 'i32.shr_u' && shift >= (inner & 31)) {
    const moved = graph.pure('i32.shl', [x, graph.i32(shift - (inner & 31))]);
    return graph.pure('i32.and', [moved, graph.i32(-1 << shift)]);
  }
  if (a.op === 'i32.and') {
    const moved = graph.pure('i32.shl', [x, b]);
    return graph.pure('i32.and', [moved, graph.i32(inner << shift)]);
  }
  if (a.op === 'i32.add') {
    const moved = graph.pure('i32.shl', [x, b]);
    return graph.pure('i32.add', [moved, graph.i32(inner << shift)]);
  }
  return undefined;
}

function and(graph: Graph, a: Node, b: Node): Node | undefined {
  const ka = constantOf(a);
  const k = constantOf(b);
  if (ka !== undefined) return graph.pure('i32.and', [b, a]);
  if (a === b) return a;
  if (k === undefined) return undefined;
  if (k === -1) return a;
  if (k === 0) return b;
  if (k === 1 && isTruth(a)) return a;
  const inner = a.args[1] && constantOf(a.args[1]);
  if (a.op === 'i32.and' && inner !== undefined) {
    return graph.pure('i32.and', [a.args[0] as Node, graph.i32(inner & k)]);
  }
  // The low bits that a shift left clears need no mask.
  if (a.op === 'i32.shl' && inner !== undefined && (k | ((1 << (inner & 31)) - 1)) === -1) return a;
  return undefined;
}

function divide(graph: Graph, op: string, a: Node, b: Node): Node | undefined {
  const k = constantOf(b);
  if (k === undefined) return undefined;
  const shift = powerOfTwo(k);
  if (shift === undefined) return undefined;
  if (op === 'i32.div_u') return graph.pure('i32.shr_u', [a, graph.i32(shift)]);
  return graph.pure('i32.and', [a, graph.i32(k - 1)]);
}

/** Operands in the order of wasm: if true, if false, condition. */
function select(graph: Graph, op: string, yes: Node, no: Node, test: Node): Node | undefined {
  const k = constantOf(test);
  if (k !== undefined) return k !== 0 ? yes : no;
  if (yes === no) return yes;
  // Tests are 0 or 1.
  if (op === 'i32.select' && constantOf(no) === 0) {
    if (constantOf(yes) === 1) return test;
    const mask = graph.pure('i32.mask', [test]);
    return graph.pure('i32.and', [yes, mask]);
  }
  // A mask is cheaper than a branch, and leaves loops that the test does not change in.
  if (op === 'v128.select') {
    const mask = graph.pure('i32x4.splat', [graph.pure('i32.mask', [test])]);
    return graph.pure('v128.bitselect', [yes, no, mask]);
  }
  return undefined;
}

function splat(graph: Graph, op: string, a: Node): Node | undefined {
  if (a.op === 'f32.const' || a.op === 'i32.const') return graph.v128(Array(4).fill(a.imm[0]));
  if ((a.op === 'f32.load' || a.op === 'i32.load') && !a.pinned) {
    return graph.splatOf(a);
  }
  if (a.op === 'f32x4.extract_lane' || a.op === 'i32x4.extract_lane') {
    const first = (a.imm[0] as number) * 4;
    const bytes = Array.from({ length: 16 }, (_, i) => first + (i & 3));
    return graph.pure('i8x16.shuffle', [a.args[0] as Node, a.args[0] as Node], bytes);
  }
  if (a.op === 'f32.select') {
    const [yes, no, test] = a.args as [Node, Node, Node];
    return graph.pure('v128.select', [graph.pure(op, [yes]), graph.pure(op, [no]), test]);
  }
  return undefined;
}

function extract(graph: Graph, op: string, a: Node, lane: number): Node | undefined {
  const float = op.startsWith('f');
  if (a.op === 'v128.const') {
    const bits = a.imm[lane] as number;
    return float ? graph.raw('f32.const', [], [bits]) : graph.i32(bits);
  }
  if (a.op === 'f32x4.splat' || a.op === 'i32x4.splat') {
    return float === a.op.startsWith('f') ? (a.args[0] as Node) : undefined;
  }
  if (a.op === 'f32x4.replace_lane' || a.op === 'i32x4.replace_lane') {
    if (float !== a.op.startsWith('f')) return undefined;
    if (a.imm[0] === lane) return a.args[1] as Node;
    return graph.pure(op, [a.args[0] as Node], [lane]);
  }
  if (a.op === 'i8x16.shuffle' && (a.imm[lane * 4] as number) % 4 === 0) {
    const byte = a.imm[lane * 4] as number;
    const whole = [1, 2, 3].every((i) => a.imm[lane * 4 + i] === byte + i);
    if (whole) return graph.pure(op, [a.args[byte >> 4] as Node], [(byte & 15) >> 2]);
  }
  return undefined;
}

// Constants

const INTEGER: Record<string, (a: number, b: number) => number> = {
  'i32.add': (a, b) => a + b,
  'i32.sub': (a, b) => a - b,
  'i32.mul': Math.imul,
  'i32.and': (a, b) => a & b,
  'i32.or': (a, b) => a | b,
  'i32.xor': (a, b) => a ^ b,
  'i32.shl': (a, b) => a << b,
  'i32.shr_s': (a, b) => a >> b,
  'i32.shr_u': (a, b) => a >>> b,
  'i32.div_u': (a, b) => Math.floor((a >>> 0) / (b >>> 0)),
  'i32.rem_u': (a, b) => (a >>> 0) % (b >>> 0),
  'i32.div_s': (a, b) => Math.trunc(a / b),
  'i32.rem_s': (a, b) => a % b,
  'i32.eq': (a, b) => Number(a === b),
  'i32.ne': (a, b) => Number(a !== b),
  'i32.lt_s': (a, b) => Number(a < b),
  'i32.gt_s': (a, b) => Number(a > b),
  'i32.le_s': (a, b) => Number(a <= b),
  'i32.ge_s': (a, b) => Number(a >= b),
  'i32.lt_u': (a, b) => Number(a >>> 0 < b >>> 0),
  'i32.gt_u': (a, b) => Number(a >>> 0 > b >>> 0),
  'i32.le_u': (a, b) => Number(a >>> 0 <= b >>> 0),
  'i32.ge_u': (a, b) => Number(a >>> 0 >= b >>> 0),
};
const FLOAT: Record<string, (a: number, b: number) => number> = {
  'f32.add': (a, b) => a + b,
  'f32.sub': (a, b) => a - b,
  'f32.mul': (a, b) => a * b,
  'f32.div': (a, b) => a / b,
};
const COMPARISON: Record<string, (a: number, b: number) => boolean> = {
  'f32.eq': (a, b) => a === b,
  'f32.ne': (a, b) => a !== b,
  'f32.lt': (a, b) => a < b,
  'f32.gt': (a, b) => a > b,
  'f32.le': (a, b) => a <= b,
  'f32.ge': (a, b) => a >= b,
};

function fold(graph: Graph, op: string, args: readonly Node[]): Node | undefined {
  const [a, b] = args as [Node, Node | undefined];
  if (a.op === 'i32.const') {
    const x = a.imm[0] as number;
    switch (op) {
      case 'i32.eqz':
        return graph.i32(Number(x === 0));
      case 'i32.mask':
        return graph.i32(-x);
      case 'f32.reinterpret_i32':
        return graph.raw('f32.const', [], [x]);
      case 'f32.convert_i32_s':
        return graph.f32(x);
      case 'f32.convert_i32_u':
        return graph.f32(x >>> 0);
    }
    const apply = b?.op === 'i32.const' && args.length === 2 ? INTEGER[op] : undefined;
    return apply && b ? graph.i32(apply(x, b.imm[0] as number)) : undefined;
  }
  if (a.op !== 'f32.const') return undefined;
  if (op === 'i32.reinterpret_f32') return graph.i32(a.imm[0] as number);
  if (op === 'f32.neg') return graph.raw('f32.const', [], [(a.imm[0] as number) ^ 0x80000000]);
  if (b?.op !== 'f32.const') return undefined;
  const [x, y] = [floatOf(a.imm[0] as number), floatOf(b.imm[0] as number)];
  const compare = COMPARISON[op];
  if (compare) return graph.i32(Number(compare(x, y)));
  const apply = FLOAT[op];
  return apply ? graph.raw('f32.const', [], [bitsOf(apply(x, y))]) : undefined;
}
