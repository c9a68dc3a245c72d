import { constantOf } from './bits.ts';
import {
  type Block,
  blocksOf,
  encloses,
  type Graph,
  handed,
  type LoopStatement,
  live,
  parentOf,
  real,
  type Value,
} from './graph.ts';
import { operand } from './operand.ts';
import { markNeeded, prune } from './schedule.ts';

/**
 * Turns addresses that a loop computes from its counters into counters of their own: of
 * `base + (at << 2)` with `at += step` remains `pointer += step << 2`. Only where the old counter
 * is wanted for nothing else, and no more new counters arise than operations go.
 */
export function reduceStrength(graph: Graph): void {
  const users = new Map<Value, Value[]>();
  const elsewhere = new Set<Value>();
  const needed = markNeeded(graph);
  prune(graph.root, needed);
  for (const node of needed) {
    for (const arg of node.args) {
      const list = users.get(arg);
      if (list) list.push(node);
      else users.set(arg, [node]);
    }
  }
  const loops: LoopStatement[] = [];
  survey(graph.root, loops, elsewhere);
  for (const loop of loops) {
    if (loop.edges.length !== 2) continue;
    for (const phi of [...loop.phis]) {
      if (phi.replacement || phi.type !== 'i32' || !needed.has(phi)) continue;
      new Reduction(graph, loop, phi, users, elsewhere).run();
    }
  }
}

/** Finds the loops, and the nodes that statements and joins use. */
function survey(block: Block, loops: LoopStatement[], elsewhere: Set<Value>): void {
  for (const statement of block.statements) {
    if (statement.kind === 'effect') continue;
    if (statement.kind === 'if') elsewhere.add(real(statement.condition));
    const joins = statement.kind === 'loop' ? [statement, statement.exit] : [statement];
    for (const join of joins) {
      if ('phis' in join) {
        for (const [i, edge] of join.edges.entries()) {
          const back = join === statement && statement.kind === 'loop' && i > 0;
          if (!back) for (const value of edge.values) elsewhere.add(real(value));
        }
      }
    }
    if (statement.kind === 'loop') loops.push(statement);
    for (const inner of blocksOf(statement)) survey(inner, loops, elsewhere);
  }
}

class Reduction {
  private readonly graph: Graph;
  private readonly loop: LoopStatement;
  private readonly phi: Value;
  private readonly users: ReadonlyMap<Value, readonly Value[]>;
  private readonly elsewhere: ReadonlySet<Value>;
  private readonly outside: Block;

  constructor(
    graph: Graph,
    loop: LoopStatement,
    phi: Value,
    users: ReadonlyMap<Value, readonly Value[]>,
    elsewhere: ReadonlySet<Value>,
  ) {
    this.graph = graph;
    this.loop = loop;
    this.phi = phi;
    this.users = users;
    this.elsewhere = elsewhere;
    this.outside = parentOf(loop.body) ?? graph.root;
  }

  run(): void {
    const { graph, loop, phi } = this;
    const index = loop.phis.indexOf(phi);
    const [entry, back] = loop.edges;
    if (!entry || !back) return;
    const next = handed(back, index);
    const step = this.stepOf(next);
    if (!step) return;
    // The next value may stand for another counter too, where both start alike.
    if (back.values.some((value, i) => i !== index && real(value) === next)) return;
    const affine = new Set<Value>([phi]);
    const roots = new Set<Value>();
    const work = [phi];
    for (let node = work.pop(); node; node = work.pop()) {
      if (this.elsewhere.has(node)) return;
      if (back.values.some((value) => real(value) === node)) return;
      for (const user of this.users.get(node) ?? []) {
        if (user === next && node === phi) {
          if ((this.users.get(next) ?? []).length > 0 || this.elsewhere.has(next)) return;
        } else if (this.isAffine(user, node)) {
          if (!affine.has(user)) work.push(user);
          affine.add(user);
        } else if (node === phi) return;
        else roots.add(node);
      }
    }
    if (roots.size === 0 || roots.size > affine.size - 1) return;
    const start = handed(entry, index);
    for (const root of roots) {
      const pointer = graph.phi('i32', loop, loop.body);
      entry.values.push(this.substitute(root, start));
      back.values.push(graph.pure('i32.add', [pointer, this.scaled(root, step)]));
      root.replacement = pointer;
    }
  }

  private isOutside(node: Value): boolean {
    return encloses(live(node.early), this.outside);
  }

  /** What a counter grows by in each trip. */
  private stepOf(next: Value): Value | undefined {
    if (next.op !== 'i32.add') return undefined;
    const [a, b] = next.args;
    const step = a === this.phi ? b : b === this.phi ? a : undefined;
    return step && step !== this.phi && this.isOutside(step) ? step : undefined;
  }

  /** Whether `user` is linear in `node`, with what else it needs from outside the loop. */
  private isAffine(user: Value, node: Value): boolean {
    const [a, b] = user.args;
    if (!a || !b) return false;
    if (user.op === 'i32.shl') return a === node && constantOf(b) !== undefined;
    // A select with 0.
    if (user.op === 'i32.and') return a === node && b.op === 'i32.mask' && this.isOutside(b);
    if (user.op !== 'i32.add' && user.op !== 'i32.mul') return false;
    const other = a === node ? b : a;
    return other !== node && this.isOutside(other);
  }

  /** The operand that depends on the counter. */
  private inner(node: Value): Value {
    const [a, b] = [operand(node, 0), operand(node, 1)];
    return this.isOutside(a) ? b : a;
  }

  private substitute(node: Value, start: Value): Value {
    if (node === this.phi) return start;
    const inner = this.inner(node);
    const args = node.args.map((arg) => (arg === inner ? this.substitute(inner, start) : arg));
    return this.graph.pure(node.op, args);
  }

  /** How much a node grows by where the counter grows by `step`. */
  private scaled(node: Value, step: Value): Value {
    if (node === this.phi) return step;
    const inner = this.inner(node);
    const own = this.scaled(inner, step);
    if (node.op === 'i32.add') return own;
    const args = node.args.map((arg) => (arg === inner ? own : arg));
    return this.graph.pure(node.op, args);
  }
}
