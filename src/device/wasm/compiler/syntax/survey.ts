import type { Call, Expression, FunctionSyntax, Statement, Variable } from './tree.ts';

/** Calls `visit` with every expression of a statement, outer ones first. */
export function visitExpressions(
  statements: readonly Statement[],
  visit: (expression: Expression) => void,
): void {
  visitStatements(statements, (statement) => {
    for (const expression of expressionsOf(statement)) walk(expression, visit);
  });
}

/** Calls `visit` with every statement, but not with those that a constant condition leaves out. */
export function visitStatements(
  statements: readonly Statement[],
  visit: (statement: Statement) => void,
): void {
  for (const statement of statements) {
    visit(statement);
    switch (statement.kind) {
      case 'if': {
        const { constant } = statement.condition;
        if (constant !== false) visitStatements(statement.then, visit);
        if (constant !== true) visitStatements(statement.otherwise, visit);
        break;
      }
      case 'loop':
        if (statement.init) visitStatements([statement.init], visit);
        visitStatements(statement.body, visit);
        visitStatements(statement.continuing, visit);
        break;
      case 'switch':
        for (const { body } of statement.cases) visitStatements(body, visit);
        break;
      case 'block':
        visitStatements(statement.body, visit);
    }
  }
}

function expressionsOf(statement: Statement): Expression[] {
  switch (statement.kind) {
    case 'declaration':
      return statement.value ? [statement.value] : [];
    case 'assignment':
      return statement.target && statement.operator === undefined
        ? [statement.target, statement.value]
        : [statement.value];
    case 'call-statement':
      return [statement.call];
    case 'if':
      return [statement.condition];
    case 'loop':
      return [statement.condition, statement.breakIf].filter((e) => e !== undefined);
    case 'switch':
      return [statement.selector];
    case 'return':
      return statement.value ? [statement.value] : [];
    default:
      return [];
  }
}

export function walk(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  switch (expression.kind) {
    case 'unary':
      return walk(expression.operand, visit);
    case 'binary':
      walk(expression.left, visit);
      return walk(expression.right, visit);
    case 'index':
      walk(expression.base, visit);
      return walk(expression.index, visit);
    case 'member':
      return walk(expression.base, visit);
    case 'call':
      for (const arg of expression.args) walk(arg, visit);
  }
}

function rootName(expression: Expression): Variable | undefined {
  if (expression.kind === 'name') return expression.variable;
  if (expression.kind === 'index' || expression.kind === 'member') return rootName(expression.base);
  return expression.kind === 'unary' ? rootName(expression.operand) : undefined;
}

/** The variables that statements may change, and the pointers they may change others through. */
export function assignedIn(statements: readonly Statement[]): Set<Variable> {
  const assigned = new Set<Variable>();
  const add = (variable: Variable | undefined) => variable && assigned.add(variable);
  visitStatements(statements, (statement) => {
    if (statement.kind === 'assignment' && statement.target) add(rootName(statement.target));
  });
  visitExpressions(statements, (expression) => {
    if (expression.kind === 'unary' && expression.operator === '&')
      add(rootName(expression.operand));
    if (expression.kind === 'name' && expression.type?.kind === 'pointer') add(expression.variable);
    if (expression.kind === 'call' && expression.target?.kind === 'function') {
      for (const variable of privatesOf(expression.target.callee)) assigned.add(variable);
    }
  });
  return assigned;
}

const privates = new WeakMap<FunctionSyntax, Set<Variable>>();

/** The private variables that a function may change. */
function privatesOf(callee: FunctionSyntax): Set<Variable> {
  let known = privates.get(callee);
  if (!known) {
    known = new Set([...assignedIn(callee.body)].filter(({ space }) => space === 'private'));
    privates.set(callee, known);
  }
  return known;
}

/** Adds to `into` how often statements mention each variable. */
export function countMentions(statements: readonly Statement[], into: Map<Variable, number>): void {
  visitExpressions(statements, (expression) => {
    if (expression.kind !== 'name' || !expression.variable) return;
    into.set(expression.variable, (into.get(expression.variable) ?? 0) + 1);
  });
}

/** All variables that an expression mentions. */
export function variablesIn(expression: Expression): Set<Variable> {
  const found = new Set<Variable>();
  walk(expression, (part) => {
    if (part.kind === 'name' && part.variable) found.add(part.variable);
  });
  return found;
}

/** All variables that statements mention. */
export function namedIn(statements: readonly Statement[]): Set<Variable> {
  const named = new Set<Variable>();
  visitExpressions(statements, (expression) => {
    if (expression.kind === 'name' && expression.variable) named.add(expression.variable);
  });
  return named;
}

export function hasBarrier(statements: readonly Statement[]): boolean {
  let found = false;
  visitExpressions(statements, (expression) => {
    if (expression.kind === 'call' && isBarrier(expression)) found = true;
  });
  return found;
}

/** Whether an expression calls a barrier, or a function that reaches one. */
export function reachesBarrier(expression: Expression): boolean {
  let found = false;
  walk(expression, (part) => {
    if (part.kind === 'call' && isBarrier(part)) found = true;
  });
  return found;
}

/** Whether a call is a barrier, or reaches one. */
function isBarrier({ target }: Call): boolean {
  if (target?.kind === 'builtin') return target.name.endsWith('Barrier');
  return target?.kind === 'function' && hasBarrier(target.callee.body);
}

/** The size of statements in expressions, bodies of functions that they call included. */
export function sizeOf(statements: readonly Statement[]): number {
  let size = 0;
  visitExpressions(statements, (expression) => {
    if (expression.constant !== undefined) return;
    size++;
    if (expression.kind === 'call' && expression.target?.kind === 'function') {
      size += sizeOf(expression.target.callee.body);
    }
  });
  visitStatements(statements, (statement) => {
    size++;
    // An inner loop may well be unrolled too.
    if (statement.kind === 'loop') size += 3 * sizeOf(statement.body);
  });
  return size;
}

/** Whether statements jump out of the loop or switch around them. */
export function jumpsIn(statements: readonly Statement[], kind: 'break' | 'continue'): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case 'break':
      case 'continue':
        return statement.kind === kind;
      case 'if':
        return jumpsIn(statement.then, kind) || jumpsIn(statement.otherwise, kind);
      case 'block':
        return jumpsIn(statement.body, kind);
      case 'switch':
        return kind === 'continue' && statement.cases.some(({ body }) => jumpsIn(body, kind));
      default:
        return false;
    }
  });
}

/** Whether a function leaves only at its end. */
export function returnsAtEnd({ body }: FunctionSyntax): boolean {
  let early = false;
  visitStatements(body.at(-1)?.kind === 'return' ? body.slice(0, -1) : body, ({ kind }) => {
    early ||= kind === 'return';
  });
  return !early;
}
