import { Mistake } from '../error.ts';
import { typed } from '../syntax/checked.ts';
import type { Declaration, Expression, Loop, Statement, Switch, Variable } from '../syntax/tree.ts';
import { BOOL, I32, isAbstract, typeName, U32, VOID } from '../syntax/types.ts';
import { type Checking, type Surroundings, variableOf } from './checking.ts';
import { coerce, settle } from './coerce.ts';
import { checkExpression } from './expressions.ts';
import { resolveType } from './type-names.ts';

export function checkStatements(checking: Checking, body: readonly Statement[]): void {
  checking.scopes.push(new Map());
  for (const statement of body) checkStatement(checking, statement);
  checking.scopes.pop();
}

function declare(
  checking: Checking,
  syntax: Declaration | { name: string; at: number },
  variable: Variable,
): void {
  const scope = checking.scopes[checking.scopes.length - 1];
  if (scope?.has(syntax.name)) throw new Mistake(syntax.at, `'${syntax.name}' is declared twice`);
  scope?.set(syntax.name, variable);
}

export function checkStatement(checking: Checking, statement: Statement): void {
  switch (statement.kind) {
    case 'declaration':
      return checkDeclaration(checking, statement);
    case 'assignment': {
      const { target, value } = statement;
      if (target && statement.operator === undefined) checkExpression(checking, target);
      checkExpression(checking, value);
      if (!target) {
        settle(value);
        return;
      }
      if (target.place !== 'write') throw new Mistake(target.at, 'this cannot be assigned to');
      return coerce(value, typed(target));
    }
    case 'call-statement':
      checkExpression(checking, statement.call);
      return;
    case 'if':
      checkCondition(checking, statement.condition);
      checkStatements(checking, statement.then);
      return checkStatements(checking, statement.otherwise);
    case 'loop':
      return checkLoop(checking, statement);
    case 'switch':
      return checkSwitch(checking, statement);
    case 'block':
      return checkStatements(checking, statement.body);
    case 'break':
    case 'continue': {
      const { around } = checking;
      const inside =
        (around?.loops ?? 0) + (statement.kind === 'break' ? (around?.switches ?? 0) : 0);
      if (inside === 0) throw new Mistake(statement.at, `'${statement.kind}' outside a loop`);
      return;
    }
    case 'return': {
      const returns = checking.around?.returns ?? VOID;
      if (!statement.value) {
        if (returns !== VOID) throw new Mistake(statement.at, `expected a ${typeName(returns)}`);
        return;
      }
      checkExpression(checking, statement.value);
      if (returns === VOID) throw new Mistake(statement.at, 'this function returns nothing');
      return coerce(statement.value, returns);
    }
    case 'assert':
      checkCondition(checking, statement.condition);
      if (statement.condition.constant !== true) {
        throw new Mistake(statement.at, 'const_assert does not hold');
      }
  }
}

function checkDeclaration(checking: Checking, syntax: Declaration): void {
  const { keyword, name, at, value } = syntax;
  if (keyword === 'const') return declare(checking, syntax, constantVariable(checking, syntax));
  if (keyword === 'override') throw new Mistake(at, "'override' belongs outside functions");
  if (syntax.space && syntax.space !== 'function') {
    throw new Mistake(at, `var<${syntax.space}> belongs outside functions`);
  }
  if (value) checkExpression(checking, value);
  let type = syntax.typeSyntax ? resolveType(checking, syntax.typeSyntax) : undefined;
  if (value) {
    if (type) coerce(value, type);
    else settle(value);
    type = typed(value);
  }
  if (!type || type === VOID) throw new Mistake(at, `'${name}' needs a type or a value`);
  if (type.kind === 'array' && type.count === undefined) {
    throw new Mistake(at, `the array '${name}' needs a length`);
  }
  if (keyword === 'let' && !value) throw new Mistake(at, `'${name}' needs a value`);
  const constant = keyword === 'let' ? value?.constant : undefined;
  const variable = variableOf(
    syntax,
    type,
    keyword === 'let' ? 'let' : 'function',
    keyword === 'var',
    -1,
    constant,
  );
  syntax.variable = variable;
  declare(checking, syntax, variable);
}

export function constantVariable(checking: Checking, syntax: Declaration): Variable {
  const { value, name, at } = syntax;
  if (!value) throw new Mistake(at, `'${name}' needs a value`);
  checkExpression(checking, value);
  if (syntax.typeSyntax) coerce(value, resolveType(checking, syntax.typeSyntax));
  if (syntax.keyword === 'override') settle(value);
  if (value.constant === undefined) {
    throw new Mistake(value.at, `the value of '${name}' is not a constant`);
  }
  const variable = variableOf(syntax, typed(value), 'const', false, -1, value.constant);
  syntax.variable = variable;
  return variable;
}

function checkCondition(checking: Checking, expression: Expression): void {
  checkExpression(checking, expression);
  if (typed(expression) !== BOOL) {
    throw new Mistake(expression.at, `expected a bool, found ${typeName(typed(expression))}`);
  }
}

function surroundings({ around }: Checking): Surroundings {
  if (!around) throw new Error('a statement outside of all functions');
  return around;
}

function checkLoop(checking: Checking, syntax: Loop): void {
  const around = surroundings(checking);
  checking.scopes.push(new Map());
  if (syntax.init) checkStatement(checking, syntax.init);
  if (syntax.condition) checkCondition(checking, syntax.condition);
  around.loops++;
  checking.scopes.push(new Map());
  for (const statement of syntax.body) checkStatement(checking, statement);
  checkStatements(checking, syntax.continuing);
  if (syntax.breakIf) checkCondition(checking, syntax.breakIf);
  checking.scopes.pop();
  around.loops--;
  checking.scopes.pop();
}

function checkSwitch(checking: Checking, syntax: Switch): void {
  const around = surroundings(checking);
  checkExpression(checking, syntax.selector);
  const choices = syntax.cases.flatMap(({ selectors }) =>
    selectors.filter((selector): selector is Expression => selector !== 'default'),
  );
  for (const choice of choices) checkExpression(checking, choice);
  const concrete = [syntax.selector, ...choices].map(typed).find((type) => !isAbstract(type));
  for (const expression of [syntax.selector, ...choices]) {
    coerce(expression, concrete ?? I32);
    const { type } = expression;
    if (type !== I32 && type !== U32) throw new Mistake(expression.at, 'expected an integer');
  }
  around.switches++;
  for (const { body } of syntax.cases) checkStatements(checking, body);
  around.switches--;
}
