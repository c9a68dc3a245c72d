import { Mistake } from '../error.ts';
import { numeric, typed } from '../syntax/checked.ts';
import { swizzleLanes } from '../syntax/swizzle.ts';
import type {
  Binary,
  Expression,
  Index,
  MemberAccess,
  Name,
  Unary,
  Variable,
} from '../syntax/tree.ts';
import {
  BOOL,
  I32,
  isAbstract,
  isNumeric,
  pointer,
  scalar,
  typeName,
  U32,
  vector,
  withScalar,
} from '../syntax/types.ts';
import { checkCall } from './calls.ts';
import type { Checking } from './checking.ts';
import { allKnown, coerce, settle, unify } from './coerce.ts';
import * as constants from './constant.ts';
import { inFamily } from './signatures.ts';

const SWIZZLE = /^(?:[xyzw]{1,4}|[rgba]{1,4})$/;

export function checkExpression(checking: Checking, expression: Expression): void {
  switch (expression.kind) {
    case 'literal':
      expression.type = expression.literalType;
      expression.constant = expression.value;
      return;
    case 'name':
      return checkName(checking, expression);
    case 'unary':
      return checkUnary(checking, expression);
    case 'binary':
      return checkBinary(checking, expression);
    case 'index':
      return checkIndex(checking, expression);
    case 'member':
      return checkMember(checking, expression);
    case 'call':
      return checkCall(checking, expression);
  }
}

function checkName(checking: Checking, expression: Name): void {
  const { name, at } = expression;
  let variable: Variable | undefined;
  for (let i = checking.scopes.length - 1; i >= 0 && !variable; i--) {
    variable = checking.scopes[i]?.get(name);
  }
  if (!variable) {
    const meaning = checking.global(name, at);
    if (!meaning) throw new Mistake(at, `'${name}' is not declared`);
    if (meaning.kind !== 'variable') throw new Mistake(at, `'${name}' is no value`);
    variable = meaning.variable;
  }
  expression.variable = variable;
  expression.type = variable.type;
  expression.constant = variable.constant;
  if (variable.space !== 'let' && variable.space !== 'const') {
    expression.place = variable.writable ? 'write' : 'read';
  }
}

function checkUnary(checking: Checking, expression: Unary): void {
  const { operator, operand, at } = expression;
  checkExpression(checking, operand);
  const type = typed(operand);
  if (operator === '&') {
    if (!operand.place || !rootOf(operand)) throw new Mistake(at, "'&' needs a variable");
    expression.type = pointer(rootOf(operand)?.space ?? 'function', type);
    return;
  }
  if (operator === '*') {
    if (type.kind !== 'pointer') throw new Mistake(at, `cannot follow a ${typeName(type)}`);
    expression.type = type.target;
    expression.place = 'write';
    return;
  }
  const wrong = () => new Mistake(at, `'${operator}' does not take a ${typeName(type)}`);
  if (!isNumeric(type)) throw wrong();
  const { scalar: name } = type;
  if (operator === '!' ? name !== 'bool' : name === 'bool') throw wrong();
  if (operator === '-' && name === 'u32') throw wrong();
  if (operator === '~' && !inFamily(type, 'integer')) throw wrong();
  expression.type = type;
  if (operand.constant !== undefined) {
    expression.constant = constants.unary(operator, type, operand.constant);
  }
}

function checkBinary(checking: Checking, expression: Binary): void {
  const { operator, left, right, at } = expression;
  checkExpression(checking, left);
  checkExpression(checking, right);
  const wrong = () => {
    const [a, b] = [typeName(typed(left)), typeName(typed(right))];
    return new Mistake(at, `'${operator}' does not take ${a} and ${b}`);
  };
  if (!isNumeric(typed(left)) || !isNumeric(typed(right))) throw wrong();
  if (operator === '<<' || operator === '>>') {
    shift(expression, wrong);
  } else if (operator === '&&' || operator === '||') {
    if (typed(left) !== BOOL || typed(right) !== BOOL) throw wrong();
    expression.type = BOOL;
    const short = operator === '||';
    if (left.constant === short) expression.constant = short;
  } else {
    const type = unify([left, right], '+-*/%'.includes(operator));
    if (!type) throw wrong();
    const { scalar: name } = type;
    const comparison = ['==', '!=', '<', '>', '<=', '>='].includes(operator);
    const bool = name === 'bool';
    if (bool && !['==', '!=', '&', '|'].includes(operator)) throw wrong();
    if ('&|^'.includes(operator) && !bool && !inFamily(type, 'integer')) throw wrong();
    expression.type = comparison ? withScalar(type, 'bool') : type;
  }
  refuseDivisor(expression);
  if (left.constant === undefined || right.constant === undefined) return;
  const { scalar: name } = numeric(left);
  const type = typed(expression);
  const constant = constants.binary(operator, name, type, left.constant, right.constant);
  if (constant === undefined && isAbstract(type)) {
    throw new Mistake(at, `'${operator}' of these constants has no value`);
  }
  expression.constant = constant;
}

/** Constant divisors of 0 and shifts of 32 and more are errors, whatever is on their left. */
function refuseDivisor({ operator, right, at }: Binary): void {
  const { constant } = right;
  if (constant === undefined || !inFamily(typed(right), 'integer')) return;
  const lanes = (typeof constant === 'object' ? constant : [constant]).map(Number);
  if ((operator === '/' || operator === '%') && lanes.includes(0)) {
    throw new Mistake(at, `'${operator}' by a constant 0`);
  }
  if ((operator === '<<' || operator === '>>') && lanes.some((lane) => lane > 31)) {
    throw new Mistake(at, `'${operator}' by 32 or more`);
  }
}

function shift(expression: Binary, wrong: () => Mistake): void {
  const { left, right } = expression;
  const amount = numeric(right);
  if (amount.scalar === 'abstract-int') coerce(right, withScalar(amount, 'u32'));
  else if (amount.scalar !== 'u32') throw wrong();
  if (isAbstract(typed(left)) && right.constant === undefined) settle(left);
  const type = typed(left);
  if (!inFamily(type, 'integer')) throw wrong();
  if (withScalar(type, 'u32') !== typed(right)) throw wrong();
  expression.type = type;
}

function checkIndex(checking: Checking, expression: Index): void {
  const { base, index, at } = expression;
  checkExpression(checking, base);
  checkExpression(checking, index);
  settle(index);
  if (typed(index) !== I32 && typed(index) !== U32) {
    throw new Mistake(index.at, `expected an integer, found ${typeName(typed(index))}`);
  }
  let type = typed(base);
  if (type.kind === 'pointer') type = type.target;
  const count = type.kind === 'array' ? type.count : type.kind === 'vector' ? type.width : 0;
  if (typeof index.constant === 'number') {
    const { constant: i } = index;
    if (i < 0 || (count !== undefined && count > 0 && i >= count)) {
      throw new Mistake(index.at, `index ${i} is outside ${typeName(type)}`);
    }
    if (Array.isArray(base.constant)) expression.constant = base.constant[i];
  }
  if (type.kind === 'array') expression.type = type.element;
  else if (type.kind === 'vector') expression.type = scalar(type.scalar);
  else throw new Mistake(at, `a ${typeName(type)} has no elements`);
  expression.place = typed(base).kind === 'pointer' ? 'write' : base.place;
}

function checkMember(checking: Checking, expression: MemberAccess): void {
  const { base, name, at } = expression;
  checkExpression(checking, base);
  let type = typed(base);
  if (type.kind === 'pointer') type = type.target;
  expression.place = typed(base).kind === 'pointer' ? 'write' : base.place;
  if (type.kind === 'struct') {
    const index = type.members.findIndex((member) => member.name === name);
    const member = type.members[index];
    if (!member) throw new Mistake(at, `${type.name} has no member '${name}'`);
    expression.type = member.type;
    if (Array.isArray(base.constant)) expression.constant = base.constant[index];
    return;
  }
  if (type.kind !== 'vector') throw new Mistake(at, `a ${typeName(type)} has no members`);
  const lanes = SWIZZLE.test(name) ? swizzleLanes(name) : [];
  const { width } = type;
  if (lanes.length === 0 || lanes.some((lane) => lane >= width)) {
    throw new Mistake(at, `${typeName(type)} has no member '${name}'`);
  }
  expression.type = lanes.length === 1 ? scalar(type.scalar) : vector(lanes.length, type.scalar);
  if (lanes.length > 1 && expression.place) expression.place = 'read';
  const { constant } = base;
  if (typeof constant === 'object') {
    const picked = lanes.map((lane) => constant[lane]);
    expression.constant = lanes.length === 1 ? picked[0] : allKnown(picked);
  }
}

function rootOf(expression: Expression): Variable | undefined {
  if (expression.kind === 'name') return expression.variable;
  if (expression.kind === 'index' || expression.kind === 'member') return rootOf(expression.base);
  return undefined;
}
