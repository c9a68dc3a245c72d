import { constantOf } from './bits.ts';
import { type Graph, live, type Statement, type Value } from './graph.ts';
import { operand } from './operand.ts';
import { PARAMETERS } from './parameters.ts';
import { markNeeded } from './schedule.ts';

/** What ⌊n / d⌋ is computed with: (n · multiplier + addend) >> shift, on 64 bits. */
interface Reciprocal {
  readonly multiplier: Value;
  readonly addend: Value;
  readonly shift: Value;
}

/** The depth of the loop over workgroups, whose own divisions are few. */
const GROUP_LOOP = 1;

/** A multiplier, an addend and a shift of eight bytes each. */
const BYTES = 24;

/**
 * Turns divisions inside loops by what is the same for the whole run, such as a side of a tensor, into
 * products. Constant divisors are left to the engine, which does the same with them.
 *
 * The factors go through scratch memory, of which `used` bytes are taken, and come back as loads: V8
 * computes other values again wherever a loop's branch wants them.
 *
 * @returns the bytes of scratch memory used
 */
export function multiplyByReciprocals(graph: Graph, used: number): number {
  const reciprocals = new Map<Value, Reciprocal>();
  const ahead: Statement[] = [];
  const hold = (value: Value, offset: number): Value => {
    const scratch = graph.parameter(PARAMETERS.scratch);
    const store = graph.pinned('i64.store', [scratch, value], [offset]);
    const held = graph.pinned('i64.load', [scratch], [offset]);
    ahead.push({ kind: 'effect', node: store }, { kind: 'effect', node: held });
    return held;
  };
  for (const node of markNeeded(graph)) {
    if (node.op !== 'i32.div_u' && node.op !== 'i32.rem_u') continue;
    const [n, d] = [operand(node, 0), operand(node, 1)];
    if (constantOf(d) !== undefined || live(d.early) !== graph.root) continue;
    if (live(n.early).loopDepth <= GROUP_LOOP) continue;
    let own = reciprocals.get(d);
    if (!own) {
      const { multiplier, addend, shift } = reciprocalOf(graph, d);
      const at = used + reciprocals.size * BYTES;
      own = {
        multiplier: hold(multiplier, at),
        addend: hold(addend, at + 8),
        shift: hold(shift, at + 16),
      };
      reciprocals.set(d, own);
    }
    const quotient = quotientOf(graph, n, own);
    node.replacement =
      node.op === 'i32.div_u'
        ? quotient
        : graph.pure('i32.sub', [n, graph.pure('i32.mul', [quotient, d])]);
  }
  graph.root.statements.unshift(...ahead);
  return used + reciprocals.size * BYTES;
}

function quotientOf(graph: Graph, n: Value, { multiplier, addend, shift }: Reciprocal): Value {
  const scaled = graph.pure('i64.mul', [graph.pure('i64.extend_i32_u', [n]), multiplier]);
  const sum = graph.pure('i64.add', [scaled, addend]);
  return graph.pure('i32.wrap_i64', [graph.pure('i64.shr_u', [sum, shift])]);
}

/**
 * With p = 2^(32 + ⌊log₂ d⌋) the quotient is ⌊n · m / p⌋ for m = ⌈p / d⌉ where m · d exceeds p by 2^⌊log₂ d⌋
 * at most, else ⌊(n · m + m) / p⌋ for m = ⌊p / d⌋, with all n and d of 32 bits (Robison, "N-bit unsigned
 * division via N-bit multiply-add", 2005). No product is beyond 64 bits.
 */
function reciprocalOf(graph: Graph, d: Value): Reciprocal {
  const wide = (value: Value) => graph.pure('i64.extend_i32_u', [value]);
  const one = wide(graph.i32(1));
  const shift = wide(graph.pure('i32.sub', [graph.i32(63), graph.pure('i32.clz', [d])]));
  const power = graph.pure('i64.shl', [one, shift]);
  const below = graph.pure('i64.div_u', [graph.pure('i64.sub', [power, one]), wide(d)]);
  const above = graph.pure('i64.add', [below, one]);
  const excess = graph.pure('i64.sub', [graph.pure('i64.mul', [above, wide(d)]), power]);
  const limit = graph.pure('i64.shr_u', [power, wide(graph.i32(32))]);
  const isNear = graph.pure('i64.le_u', [excess, limit]);
  return {
    multiplier: graph.pure('i64.select', [above, below, isNear]),
    addend: graph.pure('i64.select', [wide(graph.i32(0)), below, isNear]),
    shift,
  };
}
