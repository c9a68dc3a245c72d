import { Mistake } from '../error.ts';
import { jumpsIn } from '../syntax/survey.ts';
import type {
  Assignment,
  Binary,
  Call,
  Expression,
  FunctionSyntax,
  If,
  Loop,
  Statement,
  Switch,
  Variable,
} from '../syntax/tree.ts';
import {
  assign,
  copy,
  type Divergence,
  escapes,
  join,
  type Origin,
  returnsIn,
  type State,
  together,
} from './divergence.ts';

/** The states at jumps out of what is at hand. */
interface Exits {
  readonly breaks: State[];
  readonly continues: State[];
  readonly returns: State[];
  readonly results: (Origin | undefined)[];
}

interface Place {
  readonly root: Variable | undefined;
  /** What lets the choice of the part differ. */
  readonly origin: Origin | undefined;
  readonly whole: boolean;
}

const UNIFORM_BUILTINS = new Set(['workgroup_id', 'num_workgroups']);

/**
 * Refuses barriers that only some invocations of a workgroup may come to: the uniformity analysis
 * of the WGSL specification (https://www.w3.org/TR/WGSL/#uniformity), with every call looked at
 * where it stands. Throws a {@link Mistake} at the barrier that notes what lets invocations part.
 */
export function refuseNonUniformBarriers(main: FunctionSyntax): void {
  if (!main.barrier) return;
  const state: State = { divergence: undefined, values: new Map() };
  for (const { variable, attributes } of main.parameters) {
    const builtin = attributes.find(({ name }) => name === 'builtin')?.args[0];
    const name = builtin?.kind === 'name' ? builtin.name : '';
    if (!variable || UNIFORM_BUILTINS.has(name)) continue;
    state.values.set(variable, `the built-in value ${name}`);
  }
  new Uniformity().body(main, state);
}

class Uniformity {
  /** What pointers point into. */
  private readonly roots = new Map<Variable, Variable>();
  private exits: Exits = noExits();

  /** Walks through a function; returns what lets its result differ. */
  body({ body }: FunctionSyntax, state: State): Origin | undefined {
    const outer = this.exits;
    const exits = noExits();
    this.exits = exits;
    const end = this.statements(body, copy(state));
    this.exits = outer;
    // Invocations that parted inside are together again behind the call.
    state.values = join([end, ...exits.returns])?.values ?? state.values;
    return exits.results.find((origin) => origin !== undefined);
  }

  private statements(body: readonly Statement[], state: State): State | undefined {
    let at: State | undefined = state;
    for (const statement of body) {
      if (!at) return undefined;
      at = this.statement(statement, at);
    }
    return at;
  }

  /** Returns the state behind the statement, where control comes to. May change the one given. */
  private statement(statement: Statement, state: State): State | undefined {
    switch (statement.kind) {
      case 'declaration': {
        const { keyword, variable, value } = statement;
        if (keyword === 'const' || !variable) return state;
        const origin = value ? this.value(value, state) : state.divergence?.origin;
        if (value && variable.type.kind === 'pointer') this.point(variable, value, state);
        return assign(state, variable, origin);
      }
      case 'assignment':
        return this.assignment(statement, state);
      case 'call-statement':
        this.value(statement.call, state);
        return state;
      case 'block':
        return this.statements(statement.body, state);
      case 'if':
        return this.if(statement, state);
      case 'loop':
        return this.loop(statement, state);
      case 'switch':
        return this.switch(statement, state);
      case 'break':
        this.exits.breaks.push(state);
        return undefined;
      case 'continue':
        this.exits.continues.push(state);
        return undefined;
      case 'return':
        if (statement.value) this.exits.results.push(this.value(statement.value, state));
        this.exits.returns.push(state);
        return undefined;
      case 'assert':
        return state;
    }
  }

  private assignment({ target, value }: Assignment, state: State): State {
    const origin = this.value(value, state);
    if (!target) return state;
    const place = this.place(target, state);
    if (!place.root) return state;
    if (place.whole) return assign(state, place.root, origin);
    const either = origin ?? place.origin;
    return either === undefined ? state : assign(state, place.root, either);
  }

  private if({ at, condition, then, otherwise }: If, state: State): State | undefined {
    const inside = this.branched(condition, state, { at, construct: "'if'" });
    const end = join([
      this.statements(then, copy(inside)),
      this.statements(otherwise, copy(inside)),
    ]);
    return together(end, state, !escapes(then) && !escapes(otherwise));
  }

  private switch({ at, selector, cases }: Switch, state: State): State | undefined {
    const inside = this.branched(selector, state, { at, construct: "'switch'" });
    const outer = this.exits;
    const breaks: State[] = [];
    this.exits = { ...outer, breaks };
    const ends = cases.map(({ body }) => this.statements(body, copy(inside)));
    this.exits = outer;
    const parted = cases.some(({ body }) => jumpsIn(body, 'continue') || returnsIn(body));
    return together(join([...ends, ...breaks]), state, !parted);
  }

  private loop(loop: Loop, before: State): State | undefined {
    const { at, init, condition, body, continuing, breakIf } = loop;
    const construct = 'loop';
    const initial = init ? this.statement(init, before) : before;
    if (!initial) return undefined;
    let start: State = initial;
    const outer = this.exits;
    for (;;) {
      const breaks: State[] = [];
      const continues: State[] = [];
      this.exits = { ...outer, breaks, continues };
      let inside = copy(start);
      if (condition) {
        inside = this.branched(condition, inside, { at, construct });
        breaks.push(copy(inside));
      }
      const end = join([this.statements(body, inside), ...continues]);
      let again = end && this.statements(continuing, end);
      if (again && breakIf) {
        again = this.branched(breakIf, again, { at, construct });
        breaks.push(copy(again));
      }
      this.exits = outer;
      const next: State = join([start, again]);
      const settled =
        next.values.size === start.values.size && !next.divergence === !start.divergence;
      if (settled) return together(join(breaks), before, !returnsIn(body));
      start = next;
    }
  }

  /** The state behind a condition. */
  private branched(condition: Expression, state: State, where: Omit<Divergence, 'origin'>): State {
    const origin = this.value(condition, state);
    const parting = origin === undefined ? undefined : { ...where, origin };
    return { divergence: state.divergence ?? parting, values: state.values };
  }

  // Values

  /** What lets the value of an expression differ; where invocations have parted, all values may. */
  private value(expression: Expression, state: State): Origin | undefined {
    const own = expression.constant === undefined ? this.own(expression, state) : undefined;
    return state.divergence?.origin ?? own;
  }

  private own(expression: Expression, state: State): Origin | undefined {
    switch (expression.kind) {
      case 'literal':
        return undefined;
      case 'unary':
        if (expression.operator === '&') return this.place(expression, state).origin;
        if (expression.operator === '*') return this.load(expression, state);
        return this.value(expression.operand, state);
      case 'binary':
        return this.binary(expression, state);
      case 'call':
        return this.call(expression, state);
      case 'name':
        return this.load(expression, state);
      case 'index': {
        if (expression.place) return this.load(expression, state);
        const base = this.value(expression.base, state);
        return this.value(expression.index, state) ?? base;
      }
      case 'member':
        if (expression.place) return this.load(expression, state);
        return this.value(expression.base, state);
    }
  }

  private binary(expression: Binary, state: State): Origin | undefined {
    const { operator, left, right, at } = expression;
    if (operator !== '&&' && operator !== '||') {
      const first = this.value(left, state);
      return this.value(right, state) ?? first;
    }
    const inside = copy(this.branched(left, state, { at, construct: `'${operator}'` }));
    const second = this.value(right, inside);
    state.values = join([state, inside]).values;
    return inside.divergence?.origin ?? second;
  }

  private call(expression: Call, state: State): Origin | undefined {
    const { target, args, at } = expression;
    if (target?.kind === 'builtin' && target.name === 'arrayLength') return undefined;
    if (target?.kind === 'builtin' && target.name.endsWith('Barrier')) {
      const { divergence } = state;
      if (!divergence) return undefined;
      throw new Mistake(at, `'${target.name}' in non-uniform control flow`, {
        offset: divergence.at,
        message: `this ${divergence.construct} depends on ${divergence.origin}, which may differ between the invocations of a workgroup`,
      });
    }
    const origins = args.map((arg) => this.value(arg, state));
    if (target?.kind !== 'function') return origins.find((origin) => origin !== undefined);
    const { callee } = target;
    callee.parameters.forEach(({ variable }, i) => {
      if (!variable) return;
      if (variable.type.kind === 'pointer') this.point(variable, args[i], state);
      assign(state, variable, origins[i]);
    });
    return this.body(callee, state);
  }

  private load(expression: Expression, state: State): Origin | undefined {
    const { root, origin } = this.place(expression, state);
    if (!root) return origin;
    const { space, name, writable } = root;
    const shared =
      space === 'workgroup' || space === 'private' || (space === 'storage' && writable);
    return shared ? `what '${name}' holds` : (state.values.get(root) ?? origin);
  }

  private place(expression: Expression, state: State): Place {
    switch (expression.kind) {
      case 'name': {
        const { variable } = expression;
        if (variable?.type.kind !== 'pointer') {
          return { root: variable, origin: undefined, whole: true };
        }
        const origin = state.values.get(variable);
        return { root: this.roots.get(variable), origin, whole: false };
      }
      case 'unary':
        return this.place(expression.operand, state);
      case 'index': {
        const { root, origin } = this.place(expression.base, state);
        return { root, origin: this.value(expression.index, state) ?? origin, whole: false };
      }
      case 'member':
        return { ...this.place(expression.base, state), whole: false };
      default:
        return { root: undefined, origin: this.value(expression, state), whole: false };
    }
  }

  private point(pointer: Variable, value: Expression | undefined, state: State): void {
    if (!value) return;
    const { root } = this.place(value, state);
    if (root) this.roots.set(pointer, root);
  }
}

function noExits(): Exits {
  return { breaks: [], continues: [], returns: [], results: [] };
}
