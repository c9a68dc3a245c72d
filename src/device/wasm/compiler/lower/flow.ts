import { Mistake } from '../error.ts';
import type { Variable } from '../syntax/tree.ts';
import {
  Block,
  type BranchStatement,
  type Edge,
  encloses,
  type Graph,
  type IfStatement,
  type Join,
  type LabeledStatement,
  type LoopStatement,
  live,
  real,
  type Value,
} from '../values/graph.ts';
import { type Contents, isParts, isPlace, isValue, leaves, mapLeaves } from './contents.ts';

/** The values of all variables at one point of the program. */
type Environment = Map<Variable, Contents>;

/** Where a jump out of a body leads to. */
export interface Label {
  readonly statement: LabeledStatement;
  readonly exits: Environment[];
}

/**
 * Control flow while a kernel is built: every variable has a value at every point, and where
 * paths meet, a phi takes the values that differ.
 */
export class Flow {
  readonly graph: Graph;
  /** Undefined where control does not come to. */
  values: Environment | undefined = new Map();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  get(variable: Variable): Contents | undefined {
    return this.values?.get(variable);
  }

  /** The value of a variable that is one register. */
  register(variable: Variable): Value {
    const contents = this.values?.get(variable);
    if (!contents || !isValue(contents)) throw new Error(`${variable.name} is in no register`);
    return contents;
  }

  set(variable: Variable, value: Contents): void {
    this.values?.set(variable, value);
  }

  /** A body that {@link leave} jumps out of. */
  labeled(run: (label: Label) => void): void {
    const { graph } = this;
    const outer = graph.block;
    const before = this.values as Environment;
    const body = new Block(live(outer), false);
    const statement: LabeledStatement = { kind: 'labeled', body, phis: [], edges: [] };
    const label: Label = { statement, exits: [] };
    this.values = new Map(before);
    graph.block = body;
    run(label);
    const last = body.statements[body.statements.length - 1];
    const [only] = statement.edges;
    if (!this.values && statement.edges.length === 1 && only && live(only.block) === body) {
      if (last?.kind === 'branch' && last.edge === only) {
        body.statements.pop();
        statement.edges.pop();
        this.values = label.exits.pop();
      }
    }
    graph.block = outer;
    if (statement.edges.length === 0) {
      this.splice(body, live(outer));
      if (this.values) this.values = keep(this.values, before);
      return;
    }
    this.push(statement);
    if (this.values) {
      statement.edges.push({ block: body, values: [], falls: true });
      label.exits.push(this.values);
    }
    this.values = this.join(statement, label.exits, before);
  }

  /** Makes the body a part of the block around it: nothing jumps to its end. */
  private splice(body: Block, outer: Block): void {
    outer.statements.push(...body.statements);
    body.mergedInto = outer;
  }

  private push(statement: Block['statements'][number]): void {
    live(this.graph.block).statements.push(statement);
  }

  leave(label: Label): void {
    if (!this.values) return;
    this.branch(label.statement, []);
    label.exits.push(this.values);
    this.values = undefined;
  }

  private branch(target: LabeledStatement | LoopStatement, values: Value[]): Edge {
    const edge: Edge = { block: live(this.graph.block), values, falls: false };
    const statement: BranchStatement = { kind: 'branch', target, edge };
    target.edges.push(edge);
    live(this.graph.block).statements.push(statement);
    return edge;
  }

  /** A body that changes no variable, run where a condition holds. */
  when(condition: Value, run: () => void): void {
    const { graph } = this;
    const test = real(condition);
    if (test.op === 'i32.const') {
      if (test.imm[0] !== 0) run();
      return;
    }
    const outer = graph.block;
    const then = new Block(live(outer), false);
    const otherwise = new Block(live(outer), false);
    this.push({ kind: 'if', condition: test, then, otherwise, phis: [], edges: [] });
    graph.block = then;
    run();
    graph.block = outer;
  }

  /** Two ways, one of which is taken; constant conditions leave no trace. */
  choose(condition: Value, then: () => void, otherwise: () => void): void {
    const test = real(condition);
    if (test.op === 'i32.const') {
      if (test.imm[0] !== 0) then();
      else otherwise();
      return;
    }
    const { graph } = this;
    const outer = graph.block;
    const before = this.values as Environment;
    const statement: IfStatement = {
      kind: 'if',
      condition: test,
      then: new Block(live(outer), false),
      otherwise: new Block(live(outer), false),
      phis: [],
      edges: [],
    };
    this.push(statement);
    const exits: Environment[] = [];
    for (const [block, run] of [
      [statement.then, then],
      [statement.otherwise, otherwise],
    ] as const) {
      this.values = new Map(before);
      graph.block = block;
      run();
      if (this.values) {
        statement.edges.push({ block, values: [], falls: true });
        exits.push(this.values);
      }
    }
    graph.block = outer;
    this.values = exits.length > 0 ? this.join(statement, exits, before) : undefined;
  }

  /**
   * A body that runs again when it calls `again`, and is left when control falls out of it.
   * `assigned` are the variables that it may change.
   */
  loop(assigned: ReadonlySet<Variable>, run: (again: () => void) => void): void {
    const { graph } = this;
    const outer = graph.block;
    const before = this.values as Environment;
    const body = new Block(live(outer), true);
    const exit: Join = { phis: [], edges: [] };
    const statement: LoopStatement = { kind: 'loop', body, phis: [], edges: [], exit };
    const entry: Edge = { block: live(outer), values: [], falls: true };
    statement.edges.push(entry);
    this.push(statement);
    const inside = new Map(before);
    const carried: Variable[] = [];
    for (const [variable, value] of before) {
      if (!assigned.has(variable) || isPlace(value)) continue;
      carried.push(variable);
      const phis = mapLeaves(value, (node) => {
        entry.values.push(node);
        return graph.phi(node.type as 'i32', statement, body);
      });
      inside.set(variable, phis);
    }
    this.values = inside;
    graph.block = body;
    run(() => {
      const { values } = this;
      if (!values) return;
      this.branch(
        statement,
        carried.flatMap((variable) => leaves(values.get(variable) as Contents)),
      );
      this.values = undefined;
    });
    graph.block = outer;
    simplifyPhis(statement);
    if (!this.values) return;
    exit.edges.push({ block: body, values: [], falls: true });
    this.values = this.join(exit, [this.values], before);
  }

  /** The environment behind a join, of the variables that were there before it. */
  private join(join: Join, exits: readonly Environment[], before: Environment): Environment {
    const after: Environment = new Map();
    const block = live(this.graph.block);
    for (const [variable, old] of before) {
      const values = exits.map((exit) => exit.get(variable) as Contents);
      const same = values.every((value) => value === old);
      after.set(variable, same ? old : this.merge(join, block, values));
    }
    return after;
  }

  private merge(join: Join, block: Block, values: readonly Contents[]): Contents {
    const [first] = values as [Contents];
    if (isParts(first)) {
      return first.map((_, i) =>
        this.merge(
          join,
          block,
          values.map((value) => (value as readonly Contents[])[i] as Contents),
        ),
      );
    }
    if (isPlace(first)) {
      if (values.some((value) => value !== first)) {
        throw new Mistake(0, 'a pointer that depends on control flow is not supported');
      }
      return first;
    }
    const nodes = values.map((value) => real(value as Value));
    const [node] = nodes as [Value];
    if (nodes.every((other) => other === node) && encloses(node.early, block)) return node;
    join.edges.forEach((edge, i) => {
      edge.values.push(nodes[i] as Value);
    });
    return this.graph.phi(node.type as 'i32', join, block);
  }
}

function keep(values: Environment, before: Environment): Environment {
  const kept: Environment = new Map();
  for (const variable of before.keys()) kept.set(variable, values.get(variable) as Contents);
  return kept;
}

/** Replaces phis that only ever hold the value they start with. */
function simplifyPhis(loop: LoopStatement): void {
  for (let again = true; again; ) {
    again = false;
    loop.phis.forEach((phi, i) => {
      if (phi.replacement) return;
      const [entry, ...others] = loop.edges.map((edge) => real(edge.values[i] as Value));
      if (others.every((value) => value === phi || value === entry)) {
        phi.replacement = entry;
        again = true;
      }
    });
  }
}
