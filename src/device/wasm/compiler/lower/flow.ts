import { Mistake } from '../error.ts';
import type { Variable } from '../syntax/tree.ts';
import {
  Block,
  type BranchStatement,
  type Edge,
  encloses,
  type Graph,
  handed,
  type IfStatement,
  type Join,
  type LabeledStatement,
  type LoopStatement,
  live,
  real,
  type Value,
} from '../values/graph.ts';
import {
  type Contents,
  isParts,
  isPlace,
  leaves,
  mapLeaves,
  partOf,
  registerIn,
} from './contents.ts';

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

  /** What a variable holds that has a value here. */
  contents(variable: Variable): Contents {
    return contentsOf(this.environment(), variable);
  }

  /** The value of a variable that is one register. */
  register(variable: Variable): Value {
    return registerIn(this.contents(variable));
  }

  /** The values of all variables, where control comes to. */
  private environment(): Environment {
    if (!this.values) throw new Error('control does not come to here');
    return this.values;
  }

  set(variable: Variable, value: Contents): void {
    this.values?.set(variable, value);
  }

  /** A body that {@link leave} jumps out of. */
  labeled(run: (label: Label) => void): void {
    const { graph } = this;
    const outer = graph.block;
    const before = this.environment();
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

  leave(label: Label | undefined): void {
    if (!this.values) return;
    if (!label) throw new Error('a jump out of nothing');
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
    const before = this.environment();
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
    const before = this.environment();
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
        return graph.phi(node.type, statement, body);
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
        carried.flatMap((variable) => leaves(contentsOf(values, variable))),
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
      const values = exits.map((exit) => contentsOf(exit, variable));
      const same = values.every((value) => value === old);
      after.set(variable, same ? old : this.merge(join, block, values));
    }
    return after;
  }

  private merge(join: Join, block: Block, values: readonly Contents[]): Contents {
    const [first] = values;
    if (!first) throw new Error('nothing comes to this join');
    if (isParts(first)) {
      return first.map((_, i) =>
        this.merge(
          join,
          block,
          values.map((value) => partOf(value, i)),
        ),
      );
    }
    if (isPlace(first)) {
      if (values.some((value) => value !== first)) {
        throw new Mistake(0, 'a pointer that depends on control flow is not supported');
      }
      return first;
    }
    const node = real(first);
    const nodes = values.map((value) => real(registerIn(value)));
    if (nodes.every((other) => other === node) && encloses(node.early, block)) return node;
    for (const [i, own] of nodes.entries()) join.edges[i]?.values.push(own);
    return this.graph.phi(node.type, join, block);
  }
}

/** What a variable holds in an environment that has it. */
function contentsOf(values: Environment, variable: Variable): Contents {
  const contents = values.get(variable);
  if (!contents) throw new Error(`${variable.name} has no value`);
  return contents;
}

function keep(values: Environment, before: Environment): Environment {
  const kept: Environment = new Map();
  for (const variable of before.keys()) {
    const value = values.get(variable);
    if (value) kept.set(variable, value);
  }
  return kept;
}

/** Replaces phis that only ever hold the value they start with. */
function simplifyPhis(loop: LoopStatement): void {
  for (let again = true; again; ) {
    again = false;
    loop.phis.forEach((phi, i) => {
      if (phi.replacement) return;
      const [entry, ...others] = loop.edges.map((edge) => handed(edge, i));
      if (others.every((value) => value === phi || value === entry)) {
        phi.replacement = entry;
        again = true;
      }
    });
  }
}
