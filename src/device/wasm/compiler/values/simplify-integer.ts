import { constantOf } from './bits.ts';
import type { Graph, Value } from './graph.ts';
import type { Op } from './opcodes.ts';
import { operand } from './operand.ts';

/** A simpler node for an operation on integers, as in an index or an address. */
export function simplifyInteger(graph: Graph, op: Op, a: Value, b: Value): Value | undefined {
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
    default:
      return undefined;
  }
}

function isTruth(node: Value): boolean {
  return /^(?:i32\.(?:eqz?|ne|[lg][te]_[su])|f32\.(?:eq|ne|[lg][te])|v128\.any_true|i32x4\.all_true)$/.test(
    node.op,
  );
}

const INVERSE: Partial<Record<Op, Op>> = {
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

function negated(graph: Graph, a: Value): Value | undefined {
  const inverse = INVERSE[a.op];
  if (inverse) return graph.pure(inverse, a.args);
  return a.op === 'i32.eqz' && isTruth(operand(a, 0)) ? a.args[0] : undefined;
}

function add(graph: Graph, a: Value, b: Value): Value | undefined {
  const ka = constantOf(a);
  const kb = constantOf(b);
  if (ka !== undefined) return graph.pure('i32.add', [b, a]);
  if (kb === 0) return a;
  if (kb !== undefined && a.op === 'i32.add') {
    const inner = constantOf(operand(a, 1));
    if (inner !== undefined) return graph.pure('i32.add', [operand(a, 0), graph.i32(inner + kb)]);
  }
  // Constants move outwards, where a load takes them into its own offset.
  if (kb === undefined) {
    const left = a.op === 'i32.add' ? constantOf(operand(a, 1)) : undefined;
    if (left !== undefined) {
      return graph.pure('i32.add', [graph.pure('i32.add', [operand(a, 0), b]), graph.i32(left)]);
    }
    const right = b.op === 'i32.add' ? constantOf(operand(b, 1)) : undefined;
    if (right !== undefined) {
      return graph.pure('i32.add', [graph.pure('i32.add', [a, operand(b, 0)]), graph.i32(right)]);
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
function isBase(node: Value): boolean {
  const [table] = node.args;
  return node.op === 'i32.load' && table?.op === 'parameter' && table.imm[0] === 0;
}

// base + (i & -16) as (base + i) & -16: the sum may then be a counter of a loop.
function alignedSum(graph: Graph, base: Value, masked: Value): Value | undefined {
  if (masked.op !== 'i32.and' || !isBase(base)) return undefined;
  const [i, mask] = [operand(masked, 0), operand(masked, 1)];
  const k = constantOf(mask);
  if (k === undefined || k >= 0 || k < -16 || (k & 15 & (-k - 1)) !== 0) return undefined;
  return graph.pure('i32.and', [graph.pure('i32.add', [i, base]), mask]);
}

// (n / d) * d + n % d
function wholeOfParts(product: Value, rest: Value): Value | undefined {
  if (product.op !== 'i32.mul' || rest.op !== 'i32.rem_u') return undefined;
  const [n, d] = rest.args;
  const [x, y] = [operand(product, 0), operand(product, 1)];
  const isQuotient = (q: Value) => q.op === 'i32.div_u' && q.args[0] === n && q.args[1] === d;
  return (isQuotient(x) && y === d) || (isQuotient(y) && x === d) ? n : undefined;
}

// ((i << 2) & ~15) + ((i << 2) & 12), as in `v[i >> 2][i & 3]`
function lowAndHigh(graph: Graph, a: Value, b: Value): Value | undefined {
  const part = (node: Value): [Value, number] | undefined => {
    const mask = node.op === 'i32.and' ? constantOf(operand(node, 1)) : undefined;
    return mask === undefined ? undefined : [operand(node, 0), mask];
  };
  const [x, y] = [part(a), part(b)];
  if (x && y && x[0] === y[0] && (x[1] & y[1]) === 0) {
    return graph.pure('i32.and', [x[0], graph.i32(x[1] | y[1])]);
  }
  // (base + (i << 2)) & ~15 first, then + ((i << 2) & 12)
  if (x && y && x[0].op === 'i32.add' && (x[1] & y[1]) === 0) {
    const [i, base] = [operand(x[0], 0), operand(x[0], 1)];
    if (i === y[0] && isBase(base)) {
      return graph.pure('i32.add', [graph.pure('i32.and', [i, graph.i32(x[1] | y[1])]), base]);
    }
  }
  return undefined;
}

function multiply(graph: Graph, a: Value, b: Value): Value | undefined {
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

function shiftLeft(graph: Graph, a: Value, b: Value): Value | undefined {
  const k = constantOf(b);
  if (k === undefined) return undefined;
  const shift = k & 31;
  if (shift === 0) return a;
  const [x, y] = a.args;
  const inner = y && constantOf(y);
  if (!x || inner === undefined) return undefined;
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

function and(graph: Graph, a: Value, b: Value): Value | undefined {
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
    return graph.pure('i32.and', [operand(a, 0), graph.i32(inner & k)]);
  }
  // The low bits that a shift left clears need no mask.
  if (a.op === 'i32.shl' && inner !== undefined && (k | ((1 << (inner & 31)) - 1)) === -1) return a;
  return undefined;
}

function divide(graph: Graph, op: Op, a: Value, b: Value): Value | undefined {
  const k = constantOf(b);
  if (k === undefined) return undefined;
  const shift = powerOfTwo(k);
  if (shift === undefined) return undefined;
  if (op === 'i32.div_u') return graph.pure('i32.shr_u', [a, graph.i32(shift)]);
  return graph.pure('i32.and', [a, graph.i32(k - 1)]);
}
