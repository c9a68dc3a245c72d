import {
  type Block,
  blocksOf,
  type Graph,
  handed,
  type Join,
  live,
  parentOf,
  real,
  type Value,
} from './graph.ts';

export interface Agenda {
  /** The pure nodes that are computed in front of each statement of a block, operands first. */
  readonly before: ReadonlyMap<Block, readonly (readonly Value[] | undefined)[]>;
  /** Those among them that are written where their one use is. */
  readonly inlined: ReadonlySet<Value>;
}

/**
 * Finds a place for every node that something needs: as late as its uses allow, but out of the
 * loops that do not change it (Click's global code motion).
 */
export function schedule(graph: Graph): Agenda {
  const needed = markNeeded(graph);
  prune(graph.root, needed);
  number(graph.root);
  const order = topological(needed);
  for (const node of order) raise(graph, node);
  const uses = new Uses();
  collect(graph.root, needed, uses);
  const places = new Map<Value, Use>();
  const inlined = new Set<Value>();
  for (const node of [...order].reverse()) {
    const use = place(node, uses);
    if (!use) continue;
    places.set(node, use.at);
    if (use.isInlined) inlined.add(node);
  }
  const before = new Map<Block, Value[][]>();
  for (const node of order) {
    const at = places.get(node);
    if (!at) continue;
    let lists = before.get(at.block);
    if (!lists) {
      lists = [];
      before.set(at.block, lists);
    }
    const list = lists[at.position];
    if (list) list.push(node);
    else lists[at.position] = [node];
  }
  return { before, inlined };
}

/** Constants and parameters have no place of their own: they are written where they are used. */
export function isFree(node: Value): boolean {
  return node.args.length === 0 && !node.pinned;
}

interface Use {
  readonly block: Block;
  readonly position: number;
}

class Uses {
  readonly lists = new Map<Value, Use[]>();

  add(node: Value, use: Use): void {
    const own = real(node);
    const list = this.lists.get(own);
    if (list) list.push(use);
    else this.lists.set(own, [use]);
  }
}

const LOAD = /\.load/;

/** The nodes that stores and the control flow around them depend on. */
export function markNeeded(graph: Graph): Set<Value> {
  const needed = new Set<Value>();
  const work: Value[] = [];
  const need = (node: Value) => {
    const own = real(node);
    if (needed.has(own)) return;
    needed.add(own);
    work.push(own);
  };
  const roots = (block: Block) => {
    for (const statement of block.statements) {
      if (statement.kind === 'effect' && !LOAD.test(statement.node.op)) need(statement.node);
      if (statement.kind === 'if') {
        statement.condition = real(statement.condition);
        need(statement.condition);
      }
      for (const inner of blocksOf(statement)) roots(inner);
    }
  };
  roots(graph.root);
  for (let node = work.pop(); node; node = work.pop()) {
    node.args = node.args.map(real);
    for (const arg of node.args) need(arg);
    const { join } = node;
    if (!join) continue;
    const index = join.phis.indexOf(node);
    for (const edge of join.edges) need(handed(edge, index));
  }
  return needed;
}

/** Drops loads that nothing needs, and ifs without any content. */
export function prune(block: Block, needed: ReadonlySet<Value>): void {
  block.statements = block.statements.filter((statement) => {
    for (const inner of blocksOf(statement)) prune(inner, needed);
    if (statement.kind === 'effect') return needed.has(statement.node);
    if (statement.kind === 'branch') return true;
    pruneJoin(statement, needed);
    if (statement.kind === 'loop') pruneJoin(statement.exit, needed);
    if (statement.kind !== 'if' || statement.phis.length > 0) return true;
    return statement.then.statements.length + statement.otherwise.statements.length > 0;
  });
}

function pruneJoin(join: Join, needed: ReadonlySet<Value>): void {
  const kept = join.phis.map((phi) => !phi.replacement && needed.has(phi));
  join.phis = join.phis.filter((_, i) => kept[i]);
  for (const edge of join.edges) {
    edge.values = edge.values.filter((_, i) => kept[i]).map(real);
  }
}

/** Gives every block its statement's number. */
function number(block: Block): void {
  block.statements.forEach((statement, i) => {
    for (const inner of blocksOf(statement)) {
      inner.index = i;
      number(inner);
    }
  });
}

/** All needed nodes, operands before their users. */
function topological(needed: ReadonlySet<Value>): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const visit = (node: Value) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const arg of node.args) visit(arg);
    order.push(node);
  };
  for (const node of needed) visit(node);
  return order;
}

/** Finds the outermost block again: operands may have been replaced by earlier ones. */
function raise(graph: Graph, node: Value): void {
  node.early = live(node.early);
  if (node.pinned || (LOAD.test(node.op) && node.early !== graph.root)) return;
  let early = graph.root;
  for (const arg of node.args) if (arg.early.depth > early.depth) early = arg.early;
  node.early = early;
}

function collect(block: Block, needed: ReadonlySet<Value>, uses: Uses): void {
  const end = { block, position: block.statements.length };
  block.statements.forEach((statement, position) => {
    const here = { block, position };
    switch (statement.kind) {
      case 'effect':
        for (const arg of statement.node.args) uses.add(arg, here);
        return;
      case 'branch':
        for (const value of statement.edge.values) uses.add(value, here);
        return;
      case 'if':
        uses.add(statement.condition, here);
        break;
      case 'loop':
        for (const value of statement.edges[0]?.values ?? []) uses.add(value, here);
        break;
    }
    for (const inner of blocksOf(statement)) collect(inner, needed, uses);
    const falling = statement.kind === 'loop' ? statement.exit.edges : statement.edges;
    for (const edge of falling) {
      if (!edge.falls) continue;
      const own = live(edge.block);
      const last = own === block ? end : { block: own, position: own.statements.length };
      for (const value of edge.values) uses.add(value, last);
    }
  });
}

/** Where a node is computed; undefined where it stays in its place or is wanted nowhere. */
function place(node: Value, uses: Uses): { at: Use; isInlined: boolean } | undefined {
  if (node.pinned || isFree(node)) return undefined;
  // What only an if without content asked for is asked for by nobody.
  const own = uses.lists.get(node);
  const only = own?.[0];
  if (!own || !only) return undefined;
  let at = only;
  for (const use of own) at = common(at, use);
  const latest = at;
  for (let above = at; above.block !== node.early; ) {
    const parent = parentOf(above.block);
    if (!parent) throw new Error(`${node.op} is used where it cannot be computed`);
    above = { block: parent, position: above.block.index };
    if (parent.loopDepth < at.block.loopDepth) at = above;
  }
  const isInlined = own.length === 1 && at === latest && at.block === only.block;
  for (const arg of node.args) uses.add(arg, at);
  return { at, isInlined };
}

/** The last point from which both uses are still ahead. */
function common(a: Use, b: Use): Use {
  let [x, y] = [a, b];
  while (x.block !== y.block) {
    const deeper = x.block.depth >= y.block.depth ? x : y;
    const parent = parentOf(deeper.block);
    if (!parent) throw new Error('blocks of two trees');
    const up = { block: parent, position: deeper.block.index };
    if (deeper === x) x = up;
    else y = up;
  }
  return x.position <= y.position ? x : y;
}
