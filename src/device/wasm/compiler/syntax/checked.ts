import type { Expression, FunctionSyntax, Variable } from './tree.ts';
import { isNumeric, type Numeric, type Type } from './types.ts';

// What the checker has found out about a tree, for those who come behind it.

/** The type of an expression. */
export function typed({ type, kind }: Expression): Type {
  if (!type) throw new Error(`a ${kind} expression is not checked`);
  return type;
}

/** The type of an expression that is a scalar or a vector. */
export function numeric(expression: Expression): Numeric {
  return asNumeric(typed(expression));
}

export function asNumeric(type: Type | undefined): Numeric {
  if (!type || !isNumeric(type)) throw new Error(`a ${type?.kind} is neither scalar nor vector`);
  return type;
}

/** The variable that a name stands for, or that a declaration or a parameter makes. */
export function declared(syntax: {
  readonly name: string;
  readonly variable?: Variable;
}): Variable {
  if (!syntax.variable) throw new Error(`${syntax.name} is not checked`);
  return syntax.variable;
}

/** The type of what a function gives. */
export function resultOf({ name, returnType }: FunctionSyntax): Type {
  if (!returnType) throw new Error(`function ${name} is not checked`);
  return returnType;
}
