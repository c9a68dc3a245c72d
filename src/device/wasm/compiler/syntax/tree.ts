import type { ScalarType, Type } from './types.ts';

/** The value of a constant expression: numbers and booleans, lists for vectors and arrays. */
export type Constant = number | boolean | readonly Constant[];

/** The items of a constant array, vector or struct; a number is without any. */
export function constantParts(constant: Constant): readonly Constant[] {
  return typeof constant === 'object' ? constant : [];
}

export interface TypeSyntax {
  readonly name: string;
  readonly args: readonly TypeSyntax[];
  /** The length of an array. */
  readonly count?: Expression;
  readonly at: number;
}

export type Space = 'function' | 'let' | 'const' | 'uniform' | 'storage' | 'workgroup' | 'private';

/** A declared name that holds a value; expressions point to it once they are checked. */
export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly space: Space;
  readonly writable: boolean;
  readonly constant: Constant | undefined;
  /** The number of a resource's binding. */
  readonly binding: number;
}

interface Value {
  readonly at: number;
}

/** What the checker finds out about every expression. */
interface Checked extends Value {
  type?: Type;
  constant?: Constant | undefined;
  /** Whether it names memory, so that it can be assigned to. */
  place?: 'read' | 'write' | undefined;
}

interface Literal extends Checked {
  readonly kind: 'literal';
  readonly value: number | boolean;
  readonly literalType: ScalarType;
}
export interface Name extends Checked {
  readonly kind: 'name';
  readonly name: string;
  variable?: Variable;
}
export interface Unary extends Checked {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operand: Expression;
}
export interface Binary extends Checked {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Call extends Checked {
  readonly kind: 'call';
  readonly callee: TypeSyntax;
  readonly args: Expression[];
  /** What the callee turns out to be. */
  target?:
    | { readonly kind: 'function'; readonly callee: FunctionSyntax }
    | { readonly kind: 'builtin'; readonly name: string }
    | { readonly kind: 'construct' }
    | { readonly kind: 'bitcast' };
}
export interface Index extends Checked {
  readonly kind: 'index';
  readonly base: Expression;
  readonly index: Expression;
}
export interface MemberAccess extends Checked {
  readonly kind: 'member';
  readonly base: Expression;
  readonly name: string;
}

export type Expression = Literal | Name | Unary | Binary | Call | Index | MemberAccess;

export interface Declaration extends Value {
  readonly kind: 'declaration';
  readonly keyword: 'let' | 'var' | 'const' | 'override';
  readonly name: string;
  readonly typeSyntax: TypeSyntax | undefined;
  readonly value: Expression | undefined;
  readonly space: string | undefined;
  readonly access: string | undefined;
  readonly attributes: readonly Attribute[];
  variable?: Variable;
}
export interface Assignment extends Value {
  readonly kind: 'assignment';
  /** Undefined in `_ = value`. */
  readonly target: Expression | undefined;
  /** The arithmetic operator of a compound assignment. */
  readonly operator: string | undefined;
  /** With an operator, the whole operation on the target. */
  readonly value: Expression;
}
interface CallStatement extends Value {
  readonly kind: 'call-statement';
  readonly call: Call;
}
export interface If extends Value {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
/** Every loop: `for`, `while`, and `loop` with its continuing block. */
export interface Loop extends Value {
  readonly kind: 'loop';
  readonly init: Statement | undefined;
  readonly condition: Expression | undefined;
  readonly body: readonly Statement[];
  readonly continuing: readonly Statement[];
  readonly breakIf: Expression | undefined;
}
export interface Switch extends Value {
  readonly kind: 'switch';
  readonly selector: Expression;
  readonly cases: readonly {
    readonly selectors: readonly (Expression | 'default')[];
    readonly body: readonly Statement[];
  }[];
}
export interface Block extends Value {
  readonly kind: 'block';
  readonly body: readonly Statement[];
}
interface Jump extends Value {
  readonly kind: 'break' | 'continue';
}
interface Return extends Value {
  readonly kind: 'return';
  readonly value: Expression | undefined;
}
interface Assert extends Value {
  readonly kind: 'assert';
  readonly condition: Expression;
}

export type Statement =
  | Declaration
  | Assignment
  | CallStatement
  | If
  | Loop
  | Switch
  | Block
  | Jump
  | Return
  | Assert;

export interface Attribute extends Value {
  readonly name: string;
  readonly args: readonly Expression[];
}
export interface Parameter extends Value {
  readonly name: string;
  readonly typeSyntax: TypeSyntax;
  readonly attributes: readonly Attribute[];
  variable?: Variable;
}
export interface FunctionSyntax extends Value {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returnSyntax: TypeSyntax | undefined;
  readonly body: readonly Statement[];
  readonly attributes: readonly Attribute[];
  returnType?: Type;
  /** Whether it reaches a barrier. */
  barrier?: boolean;
}
interface StructSyntax extends Value {
  readonly kind: 'struct';
  readonly name: string;
  readonly members: readonly Parameter[];
}
interface AliasSyntax extends Value {
  readonly kind: 'alias';
  readonly name: string;
  readonly typeSyntax: TypeSyntax;
}

export type GlobalSyntax = FunctionSyntax | StructSyntax | AliasSyntax | Declaration | Assert;
