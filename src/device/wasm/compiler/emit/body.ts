import {
  type Block,
  blocksOf,
  type Edge,
  type Graph,
  handed,
  live,
  type Statement,
  type Value,
} from '../values/graph.ts';
import { opcode, type ValueType } from '../values/opcodes.ts';
import { immediate, operand } from '../values/operand.ts';
import { PARAMETERS } from '../values/parameters.ts';
import { type Agenda, isFree } from '../values/schedule.ts';
import { Writer } from './writer.ts';

const TYPES: Record<ValueType, number> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const BR = 0x0c;
const BR_TABLE = 0x0e;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const EMPTY = 0x40;
/** All addresses are multiples of 4; the hint says so. */
const WORD_ALIGNED = 2;

/** The body of the function `run`, its locals in front. */
export function emitBody(graph: Graph, agenda: Agenda, fma: boolean): Writer {
  return new Emitter(agenda, fma).run(graph);
}

class Emitter {
  private readonly agenda: Agenda;
  private readonly fma: boolean;
  private readonly out = new Writer();
  private readonly locals = new Map<Value, number>();
  /** The constructs that branches can leave, innermost last. */
  private readonly open: (Statement | undefined)[] = [];

  constructor(agenda: Agenda, fma: boolean) {
    this.agenda = agenda;
    this.fma = fma;
  }

  run(graph: Graph): Writer {
    const { out } = this;
    const kinds: ValueType[] = ['i32', 'i64', 'f32', 'f64', 'v128'];
    const nodes = [...stored(graph.root, this.agenda)];
    const groups = kinds
      .map((kind) => ({ kind, own: nodes.filter(({ type }) => type === kind) }))
      .filter(({ own }) => own.length > 0);
    out.unsigned(groups.length);
    let next = Object.keys(PARAMETERS).length;
    for (const { kind, own } of groups) {
      out.unsigned(own.length);
      out.byte(TYPES[kind]);
      for (const node of own) this.locals.set(node, next++);
    }
    this.block(graph.root);
    out.byte(END);
    return out;
  }

  private block(block: Block): void {
    const lists = this.agenda.before.get(block);
    block.statements.forEach((statement, i) => {
      this.compute(lists?.[i]);
      this.statement(statement);
    });
    this.compute(lists?.[block.statements.length]);
  }

  private compute(nodes: readonly Value[] | undefined): void {
    for (const node of nodes ?? []) {
      if (this.agenda.inlined.has(node)) continue;
      this.operation(node);
      this.local(LOCAL_SET, node);
    }
  }

  private local(code: number, node: Value): void {
    const index = this.locals.get(node);
    if (index === undefined) throw new Error(`${node.op} has no local`);
    this.out.byte(code);
    this.out.unsigned(index);
  }

  private statement(statement: Statement): void {
    const { out } = this;
    switch (statement.kind) {
      case 'effect':
        this.operation(statement.node);
        if (statement.node.type) this.local(LOCAL_SET, statement.node);
        return;
      case 'branch':
        this.move(statement.edge, statement.target.phis);
        out.byte(BR);
        out.unsigned(this.depth(statement.target));
        return;
      case 'if': {
        const { then, otherwise } = statement;
        this.value(statement.condition);
        out.byte(IF);
        out.byte(EMPTY);
        this.open.push(undefined);
        this.block(then);
        this.fall(statement.edges, statement.phis, then);
        const edge = statement.edges.find((own) => own.falls && live(own.block) === otherwise);
        if (otherwise.statements.length > 0 || (edge && statement.phis.length > 0)) {
          out.byte(ELSE);
          this.block(otherwise);
          this.fall(statement.edges, statement.phis, otherwise);
        }
        break;
      }
      case 'loop':
        this.move(statement.edges[0], statement.phis);
        out.byte(LOOP);
        out.byte(EMPTY);
        this.open.push(statement);
        this.block(statement.body);
        this.fall(statement.exit.edges, statement.exit.phis, statement.body);
        break;
      case 'labeled':
        out.byte(BLOCK);
        out.byte(EMPTY);
        this.open.push(statement);
        this.block(statement.body);
        this.fall(statement.edges, statement.phis, statement.body);
    }
    this.open.pop();
    out.byte(END);
  }

  private fall(edges: readonly Edge[], phis: readonly Value[], from: Block): void {
    const edge = edges.find((own) => own.falls && live(own.block) === from);
    if (edge) this.move(edge, phis);
  }

  /** Sets phis all at once: every value is on the stack before the first one changes. */
  private move(edge: Edge | undefined, phis: readonly Value[]): void {
    const changed = phis.map((phi, i) => [phi, handed(edge, i)] as const);
    const moves = changed.filter(([phi, value]) => phi !== value);
    for (const [, value] of moves) this.value(value);
    for (const [phi] of moves.reverse()) this.local(LOCAL_SET, phi);
  }

  private depth(target: Statement): number {
    const index = this.open.lastIndexOf(target);
    if (index < 0) throw new Error('a branch to a construct that is closed');
    return this.open.length - 1 - index;
  }

  /** Leaves a node's value on the stack. */
  private value(node: Value): void {
    if (isFree(node) || this.agenda.inlined.has(node)) this.operation(node);
    else this.local(LOCAL_GET, node);
  }

  private operation(node: Value): void {
    const { out } = this;
    const { op, args, imm } = node;
    switch (op) {
      case 'parameter':
        out.byte(LOCAL_GET);
        out.unsigned(immediate(node));
        return;
      case 'later':
      case 'i32.const':
        out.byte(0x41);
        out.signed(immediate(node));
        return;
      case 'f32.const':
        out.byte(0x43);
        out.word(immediate(node));
        return;
      case 'v128.const':
        out.list([0xfd, 0x0c]);
        for (const lane of imm) out.word(lane);
        return;
      case 'i32.mask':
        out.list([0x41, 0x00]);
        this.value(operand(node, 0));
        out.list(opcode('i32.sub').bytes);
        return;
      case 'memory.fill':
        for (const arg of args) this.value(arg);
        out.list([0xfc, 0x0b, 0x00]);
        return;
      case 'f32x4.add':
      case 'f32x4.sub':
        if (this.fma && this.fused(node)) return;
    }
    if (op.startsWith('pick.')) return this.pick(node);
    for (const arg of args) this.value(arg);
    out.list(opcode(op).bytes);
    if (op.includes('.load') || op.includes('.store')) {
      out.unsigned(WORD_ALIGNED);
      const [offset = 0, lane] = imm;
      out.unsigned(offset);
      if (lane !== undefined) out.byte(lane);
    } else for (const byte of imm) out.byte(byte);
  }

  /** a · b + c as one instruction, where the product is wanted nowhere else. */
  private fused(node: Value): boolean {
    const { op } = node;
    const [x, y] = [operand(node, 0), operand(node, 1)];
    const isProduct = (own: Value) => own.op === 'f32x4.mul' && this.agenda.inlined.has(own);
    const product = isProduct(y) ? y : op === 'f32x4.add' && isProduct(x) ? x : undefined;
    if (!product) return false;
    for (const factor of product.args) this.value(factor);
    this.value(product === y ? x : y);
    const name = op === 'f32x4.add' ? 'f32x4.relaxed_madd' : 'f32x4.relaxed_nmadd';
    this.out.list(opcode(name).bytes);
    return true;
  }

  /** One of several values, by a jump table. */
  private pick(node: Value): void {
    const { out } = this;
    const candidates = node.args.slice(0, -1);
    const index = operand(node, candidates.length);
    if (!node.type) throw new Error(`${node.op} has no type`);
    const type = TYPES[node.type];
    out.byte(BLOCK);
    out.byte(type);
    for (let i = 0; i < candidates.length; i++) out.list([BLOCK, EMPTY]);
    this.value(index);
    out.byte(BR_TABLE);
    out.unsigned(candidates.length - 1);
    for (let i = 0; i < candidates.length; i++) out.unsigned(i);
    candidates.forEach((candidate, i) => {
      out.byte(END);
      this.value(candidate);
      const outward = candidates.length - 1 - i;
      if (outward > 0) {
        out.byte(BR);
        out.unsigned(outward);
      }
    });
    out.byte(END);
  }
}

/** All nodes that need a local. */
function* stored(block: Block, agenda: Agenda): Generator<Value> {
  for (const list of agenda.before.get(block) ?? []) {
    for (const node of list ?? []) if (!agenda.inlined.has(node)) yield node;
  }
  for (const statement of block.statements) {
    if (statement.kind === 'effect') {
      if (statement.node.type) yield statement.node;
      continue;
    }
    if (statement.kind !== 'branch') yield* statement.phis;
    if (statement.kind === 'loop') yield* statement.exit.phis;
    for (const inner of blocksOf(statement)) yield* stored(inner, agenda);
  }
}
