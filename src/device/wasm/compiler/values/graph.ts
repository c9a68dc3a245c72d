import { bitsOf } from './bits.ts';
import { type Op, typeOf, type ValueType } from './opcodes.ts';
import { simplify } from './simplify.ts';

/**
 * One value. Pure nodes float: they are made once for equal operands, and the scheduler decides
 * where they are computed. Pinned ones (stores, loads of memory that changes) stay where they are.
 */
export interface Value {
  readonly id: number;
  readonly op: Op;
  readonly type: ValueType | undefined;
  args: Value[];
  /** Numbers in the instruction: a constant's bits, a lane, a byte offset, a shuffle. */
  imm: readonly number[];
  /** The outermost block it can be computed in. */
  early: Block;
  readonly pinned: boolean;
  /** What takes its place, where it turned out to be another node. */
  replacement: Value | undefined;
  /** The join it belongs to, and its number among that join's phis. */
  join: Join | undefined;
}

/** Values handed to the phis of a join, from the end of a block. */
export interface Edge {
  readonly block: Block;
  values: Value[];
  /** Whether control falls into the join; otherwise a branch statement stands at the end. */
  readonly falls: boolean;
}

/** A place where paths of control meet. */
export interface Join {
  phis: Value[];
  readonly edges: Edge[];
}

interface EffectStatement {
  readonly kind: 'effect';
  readonly node: Value;
}
export interface IfStatement extends Join {
  readonly kind: 'if';
  condition: Value;
  readonly then: Block;
  readonly otherwise: Block;
}
/** A body that can be left early, to behind its end. */
export interface LabeledStatement extends Join {
  readonly kind: 'labeled';
  readonly body: Block;
}
/** A body that runs again when it branches to the loop, and ends when control falls out of it. */
export interface LoopStatement extends Join {
  readonly kind: 'loop';
  readonly body: Block;
  /** What leaves the loop with control. */
  readonly exit: Join;
}
export interface BranchStatement {
  readonly kind: 'branch';
  readonly target: LabeledStatement | LoopStatement;
  readonly edge: Edge;
}

export type Statement =
  | EffectStatement
  | IfStatement
  | LabeledStatement
  | LoopStatement
  | BranchStatement;

export class Block {
  readonly parent: Block | undefined;
  readonly depth: number;
  readonly loopDepth: number;
  /** Its statement's number in the parent. */
  index = 0;
  statements: Statement[] = [];
  /** The block this one turned out to be a part of. */
  mergedInto: Block | undefined;

  constructor(parent: Block | undefined, loop: boolean) {
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
    this.loopDepth = (parent?.loopDepth ?? 0) + (loop ? 1 : 0);
  }
}

/** The blocks inside a statement. */
export function blocksOf(statement: Statement): Block[] {
  if (statement.kind === 'if') return [statement.then, statement.otherwise];
  return statement.kind === 'loop' || statement.kind === 'labeled' ? [statement.body] : [];
}

/** The block that a block really is, after merges. */
export function live(block: Block): Block {
  let at = block;
  while (at.mergedInto) at = at.mergedInto;
  return at;
}

export function parentOf(block: Block): Block | undefined {
  return block.parent && live(block.parent);
}

export function encloses(outer: Block, inner: Block): boolean {
  const wanted = live(outer);
  let at: Block | undefined = live(inner);
  while (at && at.depth > wanted.depth) at = parentOf(at);
  return at === wanted;
}

/** The node that a node really is, after replacements. */
export function real(node: Value): Value {
  let at = node;
  while (at.replacement) at = at.replacement;
  return at;
}

/** What an edge hands to one of the phis of its join. */
export function handed(edge: Edge | undefined, index: number): Value {
  const value = edge?.values[index];
  if (!value) throw new Error(`nothing is handed to phi ${index}`);
  return real(value);
}

/** A function under construction: nodes and the tree of blocks they belong to. */
export class Graph {
  readonly root = new Block(undefined, false);
  block = this.root;
  private readonly known = new Map<string, Value>();
  private readonly splats = new Map<Value, Value>();
  private count = 0;

  /** A pure value: the same node for the same operation. */
  pure(op: Op, args: readonly Value[], imm: readonly number[] = []): Value {
    const operands = args.map(real);
    return simplify(this, op, operands, imm) ?? this.raw(op, operands, imm);
  }

  /** Like {@link pure}, without rewriting. */
  raw(op: Op, args: readonly Value[], imm: readonly number[] = []): Value {
    const key = keyOf(op, args, imm);
    const found = this.known.get(key);
    if (found && !found.replacement) return found;
    let early = this.root;
    for (const arg of args) {
      const own = live(arg.early);
      if (own.depth > early.depth) early = own;
    }
    const node = this.node(op, args, imm, early, false);
    this.known.set(key, node);
    return node;
  }

  /**
   * A load of memory that does not change. It is found again where its first place dominates; it
   * moves to no place above, since its address may be good only there, unless it is `safe`.
   */
  load(op: Op, address: Value, offset: number, safe: boolean): Value {
    if (safe) return this.raw(op, [real(address)], [offset]);
    const key = keyOf(op, [real(address)], [offset]);
    const found = this.known.get(key);
    if (found && encloses(found.early, this.block)) return found;
    const node = this.node(op, [real(address)], [offset], live(this.block), false);
    this.known.set(key, node);
    return node;
  }

  /** A load's value in all four lanes, loaded once more as such. */
  splatOf(load: Value): Value {
    const known = this.splats.get(load);
    if (known) return known;
    const made = this.node('v128.load32_splat', load.args, load.imm, load.early, false);
    this.splats.set(load, made);
    return made;
  }

  /** An operation that stays at its place among the statements. */
  effect(op: Op, args: readonly Value[], imm: readonly number[] = []): Value {
    const node = this.pinned(op, args, imm);
    live(this.block).statements.push({ kind: 'effect', node });
    return node;
  }

  /** A node for an effect statement that somebody else places. */
  pinned(op: Op, args: readonly Value[], imm: readonly number[]): Value {
    return this.node(op, args.map(real), imm, live(this.block), true);
  }

  phi(type: ValueType | undefined, join: Join, block: Block): Value {
    if (!type) throw new Error('a phi holds a value');
    const node = this.node(`phi.${type}`, [], [], live(block), true);
    node.join = join;
    join.phis.push(node);
    return node;
  }

  parameter(index: number): Value {
    return this.raw('parameter', [], [index]);
  }

  i32(value: number): Value {
    return this.raw('i32.const', [], [value | 0]);
  }

  f32(value: number): Value {
    return this.raw('f32.const', [], [bitsOf(value)]);
  }

  v128(lanes: readonly number[]): Value {
    return this.raw(
      'v128.const',
      [],
      lanes.map((lane) => lane | 0),
    );
  }

  /** An integer that is known only when the whole program is. */
  later(): Value {
    return this.node('later', [], [0], this.root, false);
  }

  /** Makes a node, even where there is an equal one. */
  private node(
    op: Op,
    args: readonly Value[],
    imm: readonly number[],
    early: Block,
    pinned: boolean,
  ): Value {
    return {
      id: this.count++,
      op,
      type: typeOf(op),
      args: [...args],
      imm,
      early,
      pinned,
      replacement: undefined,
      join: undefined,
    };
  }
}

function keyOf(op: Op, args: readonly Value[], imm: readonly number[]): string {
  let key = op;
  for (const arg of args) key += ` ${arg.id}`;
  if (imm.length > 0) key += `#${imm.join()}`;
  return key;
}
