import { bitsOf, constantOf, floatOf } from './bits.ts';
import type { Graph, Value } from './graph.ts';
import type { Op } from './opcodes.ts';

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

/** The result of an operation on constants, where it is known. */
export function fold(graph: Graph, op: Op, args: readonly Value[]): Value | undefined {
  const [a, b] = args;
  if (!a) return undefined;
  const x = constantOf(a);
  if (x !== undefined) {
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
    const y = b && constantOf(b);
    const apply = args.length === 2 ? INTEGER[op] : undefined;
    return apply && y !== undefined ? graph.i32(apply(x, y)) : undefined;
  }
  const [bits] = a.imm;
  if (a.op !== 'f32.const' || bits === undefined) return undefined;
  if (op === 'i32.reinterpret_f32') return graph.i32(bits);
  if (op === 'f32.neg') return graph.raw('f32.const', [], [bits ^ 0x80000000]);
  const other = b?.op === 'f32.const' ? b.imm[0] : undefined;
  if (other === undefined) return undefined;
  const [first, second] = [floatOf(bits), floatOf(other)];
  const compare = COMPARISON[op];
  if (compare) return graph.i32(Number(compare(first, second)));
  const apply = FLOAT[op];
  return apply ? graph.raw('f32.const', [], [bitsOf(apply(first, second))]) : undefined;
}
