import { Mistake } from '../error.ts';
import { asNumeric, numeric, typed } from '../syntax/checked.ts';
import { type Constant, constantParts, type Expression } from '../syntax/tree.ts';
import {
  array,
  isAbstract,
  isNumeric,
  type Numeric,
  type Type,
  typeName,
  withScalar,
} from '../syntax/types.ts';
import * as constants from './constant.ts';

/**
 * Brings expressions to one type, constants without a type of their own to that of the others;
 * with `spread`, scalars may stand beside vectors of them. Returns the widest type.
 */
export function unify(expressions: readonly Expression[], spread: boolean): Numeric | undefined {
  const types = expressions.map(typed);
  if (!types.every(isNumeric)) return undefined;
  const concrete = types.find((type) => !isAbstract(type));
  const floats = types.some(({ scalar: name }) => name === 'abstract-float');
  const name = concrete?.scalar ?? (floats ? 'abstract-float' : 'abstract-int');
  const widest = types.find((type) => type.kind === 'vector') ?? types[0];
  if (!widest) return undefined;
  for (const expression of expressions) {
    const type = numeric(expression);
    if (!spread && type.kind !== widest.kind) return undefined;
    if (type.kind === 'vector' && widest.kind === 'vector' && type.width !== widest.width) {
      return undefined;
    }
    if (!canCoerce(type, withScalar(type, name))) return undefined;
    coerce(expression, withScalar(type, name));
  }
  return withScalar(widest, name);
}

/** Gives a constant without a type the type it has by default. */
export function settle(expression: Expression): void {
  const type = typed(expression);
  if (!isAbstract(type)) return;
  const concrete = (from: Type): Type => {
    if (from.kind === 'array') return array(concrete(from.element), from.count);
    const own = asNumeric(from);
    return withScalar(own, own.scalar === 'abstract-int' ? 'i32' : 'f32');
  };
  coerce(expression, concrete(type));
}

export function coerce(expression: Expression, type: Type): void {
  const own = typed(expression);
  if (own === type) return;
  if (!canCoerce(own, type)) {
    throw new Mistake(expression.at, `expected a ${typeName(type)}, found a ${typeName(own)}`);
  }
  const constant = brought(expression.constant, type);
  if (constant === undefined) {
    throw new Mistake(expression.at, `this constant does not fit into ${typeName(type)}`);
  }
  expression.constant = constant;
  expression.type = type;
}

export function widthOf(type: Numeric): number {
  return type.kind === 'vector' ? type.width : 1;
}

function brought(constant: Constant | undefined, type: Type): Constant | undefined {
  if (constant === undefined) return undefined;
  if (type.kind === 'array') {
    return allKnown(constantParts(constant).map((item) => brought(item, type.element)));
  }
  if (!isNumeric(type)) return undefined;
  return constants.lanewise(type, [constant], ([x]) => constants.inType(x, type.scalar));
}

/** The constants, where all of them are known. */
export function allKnown(constants: readonly (Constant | undefined)[]): Constant[] | undefined {
  const known = constants.filter((constant) => constant !== undefined);
  return known.length === constants.length ? known : undefined;
}

/** Whether a constant without a type of its own may become one of type `to`. */
export function canCoerce(from: Type, to: Type): boolean {
  if (from === to) return true;
  if (from.kind === 'array' && to.kind === 'array') {
    return from.count === to.count && canCoerce(from.element, to.element);
  }
  if (!isNumeric(from) || !isNumeric(to) || withScalar(from, to.scalar) !== to) return false;
  if (from.scalar === 'abstract-float') return to.scalar === 'f32';
  return from.scalar === 'abstract-int' && to.scalar !== 'bool';
}
