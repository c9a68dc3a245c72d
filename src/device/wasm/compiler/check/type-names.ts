import { Mistake } from '../error.ts';
import type { Expression, TypeSyntax } from '../syntax/tree.ts';
import {
  array,
  BOOL,
  F32,
  I32,
  isNumeric,
  pointer,
  type ScalarName,
  type Type,
  U32,
  vector,
} from '../syntax/types.ts';
import { whyRefused } from '../syntax/unsupported.ts';
import type { Checking } from './checking.ts';

const SHORT_VECTORS: Record<string, ScalarName> = { f: 'f32', i: 'i32', u: 'u32' };

export function resolveType(checking: Checking, syntax: TypeSyntax): Type {
  const { name, args, count, at } = syntax;
  const user = checking.global(name, at);
  if (user) {
    if (user.kind === 'type') return user.type;
    throw new Mistake(at, `'${name}' is no type`);
  }
  const scalars: Record<string, Type> = { f32: F32, i32: I32, u32: U32, bool: BOOL };
  const plain = scalars[name];
  if (plain) return plain;
  const short = /^vec([234])([fiu])$/.exec(name);
  const letter = short && SHORT_VECTORS[short[2] ?? ''];
  if (letter) return vector(Number(short[1]), letter);
  const [first, second] = args;
  if (/^vec[234]$/.test(name) && first) {
    const element = resolveType(checking, first);
    if (element.kind !== 'scalar') throw new Mistake(first.at, 'a vector is of scalars');
    return vector(Number(name[3]), element.scalar);
  }
  if (name === 'array' && first) {
    return array(resolveType(checking, first), count ? wholeNumber(checking, count) : undefined);
  }
  if (name === 'ptr' && first && second) return pointer(first.name, resolveType(checking, second));
  throw new Mistake(at, whyRefused(name) ?? `unknown type '${name}'`);
}

export function wholeNumber(checking: Checking, expression: Expression): number {
  checking.expression(expression);
  const { constant, type } = expression;
  if (typeof constant !== 'number' || !Number.isInteger(constant) || constant < 0 || type === F32) {
    throw new Mistake(expression.at, 'expected a constant whole number');
  }
  return constant;
}

export function containsBool(type: Type): boolean {
  if (isNumeric(type)) return type.scalar === 'bool';
  if (type.kind === 'array') return containsBool(type.element);
  return type.kind === 'struct' && type.members.some((member) => containsBool(member.type));
}
