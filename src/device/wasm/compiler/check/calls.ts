import { Mistake } from '../error.ts';
import { declared, numeric, resultOf, typed } from '../syntax/checked.ts';
import type { Call, Expression, FunctionSyntax } from '../syntax/tree.ts';
import {
  array,
  BOOL,
  F32,
  isAbstract,
  isNumeric,
  type Numeric,
  type Type,
  typeName,
  U32,
  VOID,
  vector,
  withScalar,
} from '../syntax/types.ts';
import { whyRefused } from '../syntax/unsupported.ts';
import type { Checking } from './checking.ts';
import { allKnown, canCoerce, coerce, settle, unify, widthOf } from './coerce.ts';
import * as constants from './constant.ts';
import { FIXED, inFamily, type Signature, signatures } from './signatures.ts';
import { resolveType } from './type-names.ts';

const BARRIERS = new Set(['workgroupBarrier', 'storageBarrier']);

export function checkCall(checking: Checking, expression: Call): void {
  const { callee, args, at } = expression;
  const { name } = callee;
  if (checking.scopes.some((scope) => scope.has(name)))
    throw new Mistake(at, `'${name}' is no function`);
  const meaning = checking.global(name, at);
  if (meaning?.kind === 'function') return userCall(checking, expression, meaning.callee);
  if (meaning?.kind === 'variable') throw new Mistake(at, `'${name}' is no function`);
  for (const arg of args) checking.expression(arg);
  if (!meaning && name === 'bitcast') return bitcast(checking, expression);
  if (!meaning && BARRIERS.has(name)) {
    arity(expression, 0);
    if (!checking.around) throw new Mistake(at, 'a barrier belongs into a function');
    checking.around.callee.barrier = true;
    expression.type = VOID;
    expression.target = { kind: 'builtin', name };
    return;
  }
  if (!meaning && name === 'arrayLength') {
    arity(expression, 1);
    const type = typed(argument(expression, 0));
    if (
      type.kind !== 'pointer' ||
      type.target.kind !== 'array' ||
      type.target.count !== undefined
    ) {
      throw new Mistake(at, 'arrayLength takes a pointer to an array without a length');
    }
    expression.type = U32;
    expression.target = { kind: 'builtin', name };
    return;
  }
  const signature = meaning ? undefined : signatures.get(name);
  if (signature) return builtin(expression, signature);
  expression.target = { kind: 'construct' };
  if (!meaning && callee.args.length === 0 && /^vec[234]$/.test(name)) {
    return inferredVector(expression, Number(name[3]));
  }
  if (!meaning && callee.args.length === 0 && name === 'array') return inferredArray(expression);
  if (!meaning && !isTypeName(name)) {
    throw new Mistake(at, whyRefused(name) ?? `'${name}' is not declared`);
  }
  construct(expression, resolveType(checking, callee));
}

function arity(expression: Call, count: number): void {
  const { args, at, callee } = expression;
  if (args.length !== count) {
    const wanted = `${count} ${count === 1 ? 'argument' : 'arguments'}`;
    throw new Mistake(at, `'${callee.name}' takes ${wanted}, not ${args.length}`);
  }
}

/** An argument of a call that has so many. */
function argument({ args, callee }: Call, index: number): Expression {
  const arg = args[index];
  if (!arg) throw new Error(`'${callee.name}' is without argument ${index}`);
  return arg;
}

function userCall(checking: Checking, expression: Call, callee: FunctionSyntax): void {
  arity(expression, callee.parameters.length);
  const types = callee.parameters.map((parameter) => declared(parameter).type);
  for (const [i, arg] of expression.args.entries()) {
    checking.expression(arg);
    coerce(arg, types[i] ?? typed(arg));
  }
  if (callee.barrier && checking.around) checking.around.callee.barrier = true;
  expression.type = resultOf(callee);
  expression.target = { kind: 'function', callee };
}

function bitcast(checking: Checking, expression: Call): void {
  arity(expression, 1);
  const [syntax] = expression.callee.args;
  const arg = argument(expression, 0);
  if (!syntax) throw new Mistake(expression.at, "'bitcast' needs a type");
  settle(arg);
  const [from, to] = [typed(arg), resolveType(checking, syntax)];
  const width = (type: Numeric) => (type.kind === 'vector' ? type.width : 1);
  if (
    !isNumeric(from) ||
    !isNumeric(to) ||
    from.scalar === 'bool' ||
    to.scalar === 'bool' ||
    width(from) !== width(to)
  ) {
    throw new Mistake(expression.at, `cannot bitcast ${typeName(from)} to ${typeName(to)}`);
  }
  expression.type = to;
  expression.target = { kind: 'bitcast' };
}

function builtin(expression: Call, signature: Signature): void {
  const { callee, args, at } = expression;
  const { name } = callee;
  arity(expression, signature.count);
  expression.target = { kind: 'builtin', name };
  const wrong = () => {
    const given = args.map((arg) => typeName(typed(arg))).join(', ');
    return new Mistake(at, `'${name}' does not take (${given})`);
  };
  if (FIXED.has(name)) {
    const [wanted] = signature.rest?.(F32) ?? [];
    if (wanted) coerce(argument(expression, 0), wanted);
    expression.type = signature.result?.(F32) ?? F32;
    return;
  }
  const together = args.slice(0, signature.shared);
  let shared = unify(together, signature.spread ?? false);
  if (shared && signature.family === 'float' && shared.scalar === 'abstract-int') {
    shared = withScalar(shared, 'abstract-float');
  }
  if (!shared || !inFamily(shared, signature.family)) throw wrong();
  if (signature.vectorOnly && shared.kind !== 'vector') throw wrong();
  if (name === 'cross' && (shared.kind !== 'vector' || shared.width !== 3)) throw wrong();
  if (name === 'select') {
    const test = typed(argument(expression, 2));
    if (test !== BOOL && test !== withScalar(shared, 'bool')) throw wrong();
  }
  signature.rest?.(shared).forEach((type, i) => {
    coerce(argument(expression, signature.shared + i), type);
  });
  const known = allKnown(args.map(({ constant }) => constant));
  if (known && !signature.result) expression.constant = constants.builtin(name, shared, known);
  if (isAbstract(shared) && expression.constant === undefined) {
    shared = withScalar(shared, shared.scalar === 'abstract-int' ? 'i32' : 'f32');
  }
  for (const arg of together) {
    coerce(arg, withScalar(numeric(arg), shared.scalar));
  }
  expression.type = signature.result?.(shared) ?? shared;
}

function inferredVector(expression: Call, width: number): void {
  const { args, at } = expression;
  if (args.length === 0) throw new Mistake(at, `'vec${width}' needs a type`);
  const types = args.map(typed);
  const numeric = types.filter(isNumeric);
  if (numeric.length < types.length) throw new Mistake(at, 'a vector is of scalars');
  const concrete = numeric.find((type) => !isAbstract(type))?.scalar;
  const floats = numeric.some((type) => type.scalar === 'abstract-float');
  construct(expression, vector(width, concrete ?? (floats ? 'abstract-float' : 'abstract-int')));
}

function inferredArray(expression: Call): void {
  const { args, at } = expression;
  const [first] = args;
  if (!first) throw new Mistake(at, "'array' needs a type");
  const concrete = args.map(typed).find((type) => !isAbstract(type));
  const floats = args
    .map(typed)
    .find((type) => isNumeric(type) && type.scalar === 'abstract-float');
  let element = concrete ?? floats ?? typed(first);
  if (isAbstract(element) && isNumeric(element)) {
    element = withScalar(element, element.scalar === 'abstract-int' ? 'i32' : 'f32');
  }
  construct(expression, array(element, args.length));
}

function construct(expression: Call, type: Type): void {
  const { args, at } = expression;
  expression.type = type;
  if (args.length === 0) {
    if (type.kind === 'array' && type.count === undefined)
      throw new Mistake(at, 'an array needs a length');
    expression.constant = constants.zeroOf(type);
    return;
  }
  const wrong = () => {
    const given = args.map((arg) => typeName(typed(arg))).join(', ');
    return new Mistake(at, `cannot make a ${typeName(type)} of (${given})`);
  };
  const list = () => allKnown(args.map(({ constant }) => constant));
  if (type.kind === 'array' || type.kind === 'struct') {
    const types =
      type.kind === 'struct'
        ? type.members.map((member) => member.type)
        : args.map(() => type.element);
    if (args.length !== (type.kind === 'struct' ? types.length : type.count)) throw wrong();
    for (const [i, arg] of args.entries()) coerce(arg, types[i] ?? typed(arg));
    expression.constant = list();
    return;
  }
  if (!isNumeric(type) || !args.every((arg) => isNumeric(typed(arg)))) throw wrong();
  const widths = args.map((arg) => widthOf(numeric(arg)));
  const first = argument(expression, 0);
  if (args.length === 1 && typed(first).kind === type.kind && widths[0] === widthOf(type)) {
    if (isAbstract(typed(first)) && canCoerce(typed(first), type)) {
      coerce(first, type);
      expression.constant = first.constant;
      return;
    }
    settle(first);
    if (first.constant === undefined) return;
    expression.constant = constants.lanewise(type, [first.constant], ([x]) =>
      constants.converted(x, type.scalar),
    );
    return;
  }
  if (type.kind !== 'vector') throw wrong();
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total !== type.width && !(args.length === 1 && total === 1)) throw wrong();
  for (const arg of args) {
    const own = numeric(arg);
    if (!canCoerce(own, withScalar(own, type.scalar))) throw wrong();
    coerce(arg, withScalar(own, type.scalar));
  }
  const flat = list()?.flatMap((item) => (typeof item === 'object' ? item : [item]));
  if (flat) expression.constant = flat.length === 1 ? Array(type.width).fill(flat[0]) : flat;
}

function isTypeName(name: string): boolean {
  return /^(?:f32|i32|u32|bool|f16|array|vec[234][fiuh]?|mat[234]x[234][fh]?|ptr|atomic)$/.test(
    name,
  );
}
