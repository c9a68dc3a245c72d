import { constantOf, floatOf } from './bits.ts';
import { fold } from './fold.ts';
import type { Graph, Value } from './graph.ts';
import type { Op } from './opcodes.ts';
import { immediate, operand } from './operand.ts';
import { simplifyInteger } from './simplify-integer.ts';

/** The bits of an f32 but for its sign, and those of ∞: a NaN's are above. */
const MAGNITUDE = 0x7fffffff;
const INFINITY_BITS = 0x7f800000;

/** A simpler node for an operation, where there is one. */
export function simplify(
  graph: Graph,
  op: Op,
  args: readonly Value[],
  imm: readonly number[],
): Value | undefined {
  const [a] = args;
  if (!a) return undefined;
  const folded = fold(graph, op, args);
  if (folded) return folded;
  // An operation of fewer operands does not look at the others.
  const [, b = a, c = a] = args;
  switch (op) {
    case 'i32.select':
    case 'f32.select':
    case 'v128.select':
      return select(graph, op, a, b, c);
    case 'f32.mul':
      if (a.op === 'f32.const' && floatOf(immediate(a)) === 1) return b;
      if (b.op === 'f32.const' && floatOf(immediate(b)) === 1) return a;
      return undefined;
    case 'f32x4.splat':
    case 'i32x4.splat':
      return splat(graph, op, a);
    case 'f32x4.extract_lane':
    case 'i32x4.extract_lane':
      return extract(graph, op, a, imm[0] ?? 0);
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
      if (isExtreme('f32x4.lt', a, b, c)) return graph.pure('f32x4.pmax', [b, a]);
      if (isExtreme('f32x4.gt', a, b, c)) return graph.pure('f32x4.pmin', [b, a]);
      if (isLanes(b, 0)) return graph.pure('v128.and', [a, c]);
      return isLanes(a, 0) ? graph.pure('v128.andnot', [b, c]) : undefined;
    case 'i32x4.add':
      if (isLanes(a, 0)) return b;
      return isLanes(b, 0) ? a : undefined;
    case 'f32x4.add':
      // A sign that was turned on the bits.
      return b.op === 'v128.xor' && isLanes(operand(b, 1), -0x80000000)
        ? graph.pure('f32x4.sub', [a, operand(b, 0)])
        : undefined;
    case 'i32x4.gt_u':
      return isLanes(b, INFINITY_BITS) && a.op === 'v128.and' && isLanes(operand(a, 1), MAGNITUDE)
        ? isNan(graph, 'f32x4.ne', operand(a, 0))
        : undefined;
    case 'i32x4.shl':
    case 'i32x4.shr_u':
    case 'i32x4.shr_s':
      return constantOf(b) === 0 ? a : undefined;
    case 'i32.gt_u':
      return constantOf(b) === INFINITY_BITS && isMagnitude(a)
        ? isNan(graph, 'f32.ne', operand(operand(a, 0), 0))
        : undefined;
    default:
      return simplifyInteger(graph, op, a, b);
  }
}

function isMagnitude(node: Value): boolean {
  return (
    node.op === 'i32.and' &&
    constantOf(operand(node, 1)) === MAGNITUDE &&
    operand(node, 0).op === 'i32.reinterpret_f32'
  );
}

/** A NaN alone differs from itself. Kernels ask by bits, since drivers may take this for false. */
function isNan(graph: Graph, op: Op, x: Value): Value {
  return graph.pure(op, [x, x]);
}

function isLanes(node: Value, bits: number): boolean {
  return node.op === 'v128.const' && node.imm.every((lane) => lane === bits);
}

/** Whether `yes` is taken where `no` compares so with it: pmax and pmin do just that, NaN included. */
function isExtreme(comparison: Op, yes: Value, no: Value, test: Value): boolean {
  return test.op === comparison && operand(test, 0) === no && operand(test, 1) === yes;
}

/** Operands in the order of wasm: if true, if false, condition. */
function select(graph: Graph, op: Op, yes: Value, no: Value, test: Value): Value | undefined {
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

function splat(graph: Graph, op: Op, a: Value): Value | undefined {
  if (a.op === 'f32.const' || a.op === 'i32.const') return graph.v128(Array(4).fill(a.imm[0]));
  if ((a.op === 'f32.load' || a.op === 'i32.load') && !a.pinned) {
    return graph.splatOf(a);
  }
  if (a.op === 'f32x4.extract_lane' || a.op === 'i32x4.extract_lane') {
    const first = immediate(a) * 4;
    const bytes = Array.from({ length: 16 }, (_, i) => first + (i & 3));
    return graph.pure('i8x16.shuffle', [operand(a, 0), operand(a, 0)], bytes);
  }
  if (a.op === 'f32.select') {
    const [yes, no, test] = [operand(a, 0), operand(a, 1), operand(a, 2)];
    return graph.pure('v128.select', [graph.pure(op, [yes]), graph.pure(op, [no]), test]);
  }
  return undefined;
}

function extract(graph: Graph, op: Op, a: Value, lane: number): Value | undefined {
  const float = op.startsWith('f');
  if (a.op === 'v128.const') {
    const bits = immediate(a, lane);
    return float ? graph.raw('f32.const', [], [bits]) : graph.i32(bits);
  }
  if (a.op === 'f32x4.splat' || a.op === 'i32x4.splat') {
    return float === a.op.startsWith('f') ? operand(a, 0) : undefined;
  }
  if (a.op === 'f32x4.replace_lane' || a.op === 'i32x4.replace_lane') {
    if (float !== a.op.startsWith('f')) return undefined;
    if (a.imm[0] === lane) return operand(a, 1);
    return graph.pure(op, [operand(a, 0)], [lane]);
  }
  if (a.op === 'i8x16.shuffle' && immediate(a, lane * 4) % 4 === 0) {
    const byte = immediate(a, lane * 4);
    const whole = [1, 2, 3].every((i) => a.imm[lane * 4 + i] === byte + i);
    if (whole) return graph.pure(op, [operand(a, byte >> 4)], [(byte & 15) >> 2]);
  }
  return undefined;
}
