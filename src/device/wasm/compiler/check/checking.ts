import type { Constant, Expression, FunctionSyntax, Space, Variable } from '../syntax/tree.ts';
import type { Type } from '../syntax/types.ts';

/** What a global name stands for. */
export type Meaning =
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'function'; readonly callee: FunctionSyntax }
  | { readonly kind: 'type'; readonly type: Type };

/** The function around a statement, and how many loops and switches. */
export interface Surroundings {
  readonly callee: FunctionSyntax;
  readonly returns: Type;
  loops: number;
  switches: number;
}

/** What the checks of a program's parts share. */
export interface Checking {
  /** The local names, innermost scope last. */
  scopes: Map<string, Variable>[];
  /** Undefined outside functions. */
  around: Surroundings | undefined;
  /** What a global name means; checks its declaration first, wherever it stands. */
  global(name: string, at: number): Meaning | undefined;
  /** Finds the type of an expression that is a part of another. */
  expression(expression: Expression): void;
}

export function variableOf(
  { name }: { readonly name: string },
  type: Type,
  space: Space,
  writable: boolean,
  binding = -1,
  constant?: Constant,
): Variable {
  return { name, type, space, writable, constant, binding };
}
