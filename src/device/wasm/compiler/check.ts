import * as constants from './constant.ts';
import { Mistake } from './error.ts';
import { FIXED, inFamily, signatures } from './signatures.ts';
import type {
  Binary,
  Call,
  Constant,
  Declaration,
  Expression,
  FunctionSyntax,
  GlobalSyntax,
  Index,
  Loop,
  MemberAccess,
  Name,
  Space,
  Statement,
  Switch,
  TypeSyntax,
  Unary,
  Variable,
} from './syntax.ts';
import {
  array,
  BOOL,
  F32,
  I32,
  isAbstract,
  isNumeric,
  type Numeric,
  pointer,
  type ScalarName,
  scalar,
  struct,
  type Type,
  typeName,
  U32,
  VOID,
  vector,
  withScalar,
} from './types.ts';

/** A program whose syntax tree carries types, constants and the variables that names mean. */
export interface CheckedProgram {
  readonly functions: ReadonlyMap<string, FunctionSyntax>;
  /** Uniform and storage variables. */
  readonly resources: readonly Variable[];
}

/** Finds the type of every expression, and what every name means; throws on invalid programs. */
export function check(globals: readonly GlobalSyntax[]): CheckedProgram {
  return new Checker(globals).run();
}

const SHORT_VECTORS: Record<string, ScalarName> = { f: 'f32', i: 'i32', u: 'u32' };
const BARRIERS = new Set(['workgroupBarrier', 'storageBarrier']);
const SWIZZLE = /^(?:[xyzw]{1,4}|[rgba]{1,4})$/;

type Meaning =
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'function'; readonly callee: FunctionSyntax }
  | { readonly kind: 'type'; readonly type: Type };

interface Surroundings {
  readonly callee: FunctionSyntax;
  readonly returns: Type;
  loops: number;
  switches: number;
}

class Checker {
  private readonly globals: readonly GlobalSyntax[];
  private readonly declared = new Map<string, GlobalSyntax>();
  private readonly meanings = new Map<string, Meaning>();
  private readonly pending = new Set<string>();
  private readonly resources: Variable[] = [];
  private readonly functions = new Map<string, FunctionSyntax>();
  private scopes: Map<string, Variable>[] = [];
  private around: Surroundings | undefined;

  constructor(globals: readonly GlobalSyntax[]) {
    this.globals = globals;
  }

  run(): CheckedProgram {
    for (const global of this.globals) {
      if (global.kind === 'assert') continue;
      if (this.declared.has(global.name)) {
        throw new Mistake(global.at, `'${global.name}' is declared twice`);
      }
      this.declared.set(global.name, global);
    }
    for (const global of this.globals) {
      if (global.kind === 'assert') this.statement(global);
      else this.global(global.name, global.at);
    }
    return { functions: this.functions, resources: this.resources };
  }

  /** What a global name means; checks its declaration first, wherever it stands. */
  private global(name: string, at: number): Meaning | undefined {
    const known = this.meanings.get(name);
    if (known) return known;
    const syntax = this.declared.get(name);
    if (!syntax || syntax.kind === 'assert') return undefined;
    if (this.pending.has(name)) throw new Mistake(at, `'${name}' is defined by itself`);
    this.pending.add(name);
    const { scopes, around } = this;
    this.scopes = [];
    this.around = undefined;
    const meaning = this.define(syntax);
    this.scopes = scopes;
    this.around = around;
    this.pending.delete(name);
    this.meanings.set(name, meaning);
    return meaning;
  }

  private define(syntax: Exclude<GlobalSyntax, { kind: 'assert' }>): Meaning {
    switch (syntax.kind) {
      case 'alias':
        return { kind: 'type', type: this.type(syntax.typeSyntax) };
      case 'struct': {
        const members = syntax.members.map((member) => {
          const outside = member.attributes.find(({ name }) => name !== 'builtin');
          if (outside) throw new Mistake(outside.at, `'@${outside.name}' is not supported here`);
          return { name: member.name, type: this.type(member.typeSyntax) };
        });
        return { kind: 'type', type: struct(syntax.name, members) };
      }
      case 'declaration':
        return { kind: 'variable', variable: this.globalVariable(syntax) };
      case 'function':
        this.function(syntax);
        return { kind: 'function', callee: syntax };
    }
  }

  private globalVariable(syntax: Declaration): Variable {
    const { keyword, name, at, access } = syntax;
    if (keyword === 'const' || keyword === 'override') {
      return this.constantVariable(syntax);
    }
    const space = syntax.space ?? 'function';
    const attribute = (wanted: string) => {
      const found = syntax.attributes.find((a) => a.name === wanted)?.args[0];
      return found ? this.wholeNumber(found) : undefined;
    };
    const type = syntax.typeSyntax ? this.type(syntax.typeSyntax) : undefined;
    if (space === 'uniform' || space === 'storage') {
      const binding = attribute('binding');
      if (binding === undefined || attribute('group') !== 0) {
        throw new Mistake(at, `'${name}' needs @group(0) and a @binding`);
      }
      if (!type) throw new Mistake(at, `'${name}' needs a type`);
      if (containsBool(type)) throw new Mistake(at, `'${name}' cannot hold bool`);
      const writable = access === 'read_write';
      const variable = this.variable(syntax, type, space, writable, binding);
      this.resources.push(variable);
      return variable;
    }
    if (space !== 'workgroup' && space !== 'private') {
      throw new Mistake(at, `the address space of '${name}' is not supported: ${space}`);
    }
    if (!type && !syntax.value) throw new Mistake(at, `'${name}' needs a type`);
    if (syntax.value) throw new Mistake(at, `an initial value of '${name}' is not supported`);
    return this.variable(syntax, type as Type, space, true);
  }

  private variable(
    { name }: { readonly name: string },
    type: Type,
    space: Space,
    writable: boolean,
    binding = -1,
    constant?: Constant,
  ): Variable {
    return { name, type, space, writable, constant, binding };
  }

  private constantVariable(syntax: Declaration): Variable {
    const { value, name, at } = syntax;
    if (!value) throw new Mistake(at, `'${name}' needs a value`);
    this.expression(value);
    if (syntax.typeSyntax) this.coerce(value, this.type(syntax.typeSyntax));
    if (syntax.keyword === 'override') this.settle(value);
    if (value.constant === undefined) {
      throw new Mistake(value.at, `the value of '${name}' is not a constant`);
    }
    const variable = this.variable(syntax, typed(value), 'const', false, -1, value.constant);
    syntax.variable = variable;
    return variable;
  }

  private function(syntax: FunctionSyntax): void {
    const scope = new Map<string, Variable>();
    for (const parameter of syntax.parameters) {
      const type = this.type(parameter.typeSyntax);
      if (scope.has(parameter.name)) {
        throw new Mistake(parameter.at, `'${parameter.name}' is declared twice`);
      }
      parameter.variable = this.variable(parameter, type, 'let', false);
      scope.set(parameter.name, parameter.variable);
    }
    const returns = syntax.returnSyntax ? this.type(syntax.returnSyntax) : VOID;
    syntax.returnType = returns;
    this.scopes = [scope];
    this.around = { callee: syntax, returns, loops: 0, switches: 0 };
    this.statements(syntax.body);
    if (returns !== VOID && !ends(syntax.body)) {
      throw new Mistake(syntax.at, `function '${syntax.name}' may end without a return`);
    }
    for (const attribute of syntax.attributes) {
      for (const arg of attribute.args) {
        if (attribute.name === 'workgroup_size') this.wholeNumber(arg);
      }
    }
    this.functions.set(syntax.name, syntax);
  }

  private type(syntax: TypeSyntax): Type {
    const { name, args, count, at } = syntax;
    const user = this.meanings.get(name) ?? this.global(name, at);
    if (user) {
      if (user.kind === 'type') return user.type;
      throw new Mistake(at, `'${name}' is no type`);
    }
    const scalars: Record<string, Type> = { f32: F32, i32: I32, u32: U32, bool: BOOL };
    const plain = scalars[name];
    if (plain) return plain;
    const short = /^vec([234])([fiu])$/.exec(name);
    if (short) return vector(Number(short[1]), SHORT_VECTORS[short[2] as string] as ScalarName);
    const [first, second] = args;
    if (/^vec[234]$/.test(name) && first) {
      const element = this.type(first);
      if (element.kind !== 'scalar') throw new Mistake(first.at, 'a vector is of scalars');
      return vector(Number(name[3]), element.scalar);
    }
    if (name === 'array' && first) {
      return array(this.type(first), count ? this.wholeNumber(count) : undefined);
    }
    if (name === 'ptr' && first && second) return pointer(first.name, this.type(second));
    throw new Mistake(at, `unknown or unsupported type '${name}'`);
  }

  private wholeNumber(expression: Expression): number {
    this.expression(expression);
    const { constant, type } = expression;
    if (
      typeof constant !== 'number' ||
      !Number.isInteger(constant) ||
      constant < 0 ||
      type === F32
    ) {
      throw new Mistake(expression.at, 'expected a constant whole number');
    }
    return constant;
  }

  // Statements

  private statements(body: readonly Statement[]): void {
    this.scopes.push(new Map());
    for (const statement of body) this.statement(statement);
    this.scopes.pop();
  }

  private declare(syntax: Declaration | { name: string; at: number }, variable: Variable): void {
    const scope = this.scopes[this.scopes.length - 1] as Map<string, Variable>;
    if (scope.has(syntax.name)) throw new Mistake(syntax.at, `'${syntax.name}' is declared twice`);
    scope.set(syntax.name, variable);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'declaration':
        return this.declaration(statement);
      case 'assignment': {
        const { target, value } = statement;
        if (target && statement.operator === undefined) this.expression(target);
        this.expression(value);
        if (!target) {
          this.settle(value);
          return;
        }
        if (target.place !== 'write') throw new Mistake(target.at, 'this cannot be assigned to');
        return this.coerce(value, typed(target));
      }
      case 'call-statement':
        this.expression(statement.call);
        return;
      case 'if':
        this.condition(statement.condition);
        this.statements(statement.then);
        return this.statements(statement.otherwise);
      case 'loop':
        return this.loop(statement);
      case 'switch':
        return this.switch(statement);
      case 'block':
        return this.statements(statement.body);
      case 'break':
      case 'continue': {
        const { around } = this;
        const inside =
          (around?.loops ?? 0) + (statement.kind === 'break' ? (around?.switches ?? 0) : 0);
        if (inside === 0) throw new Mistake(statement.at, `'${statement.kind}' outside a loop`);
        return;
      }
      case 'return': {
        const returns = this.around?.returns ?? VOID;
        if (!statement.value) {
          if (returns !== VOID) throw new Mistake(statement.at, `expected a ${typeName(returns)}`);
          return;
        }
        this.expression(statement.value);
        if (returns === VOID) throw new Mistake(statement.at, 'this function returns nothing');
        return this.coerce(statement.value, returns);
      }
      case 'assert':
        this.condition(statement.condition);
        if (statement.condition.constant !== true) {
          throw new Mistake(statement.at, 'const_assert does not hold');
        }
    }
  }

  private declaration(syntax: Declaration): void {
    const { keyword, name, at, value } = syntax;
    if (keyword === 'const') return this.declare(syntax, this.constantVariable(syntax));
    if (keyword === 'override') throw new Mistake(at, "'override' belongs outside functions");
    if (syntax.space && syntax.space !== 'function') {
      throw new Mistake(at, `var<${syntax.space}> belongs outside functions`);
    }
    if (value) this.expression(value);
    let type = syntax.typeSyntax ? this.type(syntax.typeSyntax) : undefined;
    if (value) {
      if (type) this.coerce(value, type);
      else this.settle(value);
      type = typed(value);
    }
    if (!type || type === VOID) throw new Mistake(at, `'${name}' needs a type or a value`);
    if (type.kind === 'array' && type.count === undefined) {
      throw new Mistake(at, `the array '${name}' needs a length`);
    }
    if (keyword === 'let' && !value) throw new Mistake(at, `'${name}' needs a value`);
    const constant = keyword === 'let' ? value?.constant : undefined;
    const variable = this.variable(
      syntax,
      type,
      keyword === 'let' ? 'let' : 'function',
      keyword === 'var',
      -1,
      constant,
    );
    syntax.variable = variable;
    this.declare(syntax, variable);
  }

  private condition(expression: Expression): void {
    this.expression(expression);
    if (typed(expression) !== BOOL) {
      throw new Mistake(expression.at, `expected a bool, found ${typeName(typed(expression))}`);
    }
  }

  private loop(syntax: Loop): void {
    const around = this.around as Surroundings;
    this.scopes.push(new Map());
    if (syntax.init) this.statement(syntax.init);
    if (syntax.condition) this.condition(syntax.condition);
    around.loops++;
    this.scopes.push(new Map());
    for (const statement of syntax.body) this.statement(statement);
    this.statements(syntax.continuing);
    if (syntax.breakIf) this.condition(syntax.breakIf);
    this.scopes.pop();
    around.loops--;
    this.scopes.pop();
  }

  private switch(syntax: Switch): void {
    const around = this.around as Surroundings;
    this.expression(syntax.selector);
    const choices = syntax.cases.flatMap(({ selectors }) =>
      selectors.filter((selector): selector is Expression => selector !== 'default'),
    );
    for (const choice of choices) this.expression(choice);
    const concrete = [syntax.selector, ...choices].map(typed).find((type) => !isAbstract(type));
    for (const expression of [syntax.selector, ...choices]) {
      this.coerce(expression, concrete ?? I32);
      const { type } = expression;
      if (type !== I32 && type !== U32) throw new Mistake(expression.at, 'expected an integer');
    }
    around.switches++;
    for (const { body } of syntax.cases) this.statements(body);
    around.switches--;
  }

  // Expressions

  private expression(expression: Expression): void {
    switch (expression.kind) {
      case 'literal':
        expression.type = expression.literalType;
        expression.constant = expression.value;
        return;
      case 'name':
        return this.nameOf(expression);
      case 'unary':
        return this.unary(expression);
      case 'binary':
        return this.binary(expression);
      case 'index':
        return this.index(expression);
      case 'member':
        return this.member(expression);
      case 'call':
        return this.call(expression);
    }
  }

  private nameOf(expression: Name): void {
    const { name, at } = expression;
    let variable: Variable | undefined;
    for (let i = this.scopes.length - 1; i >= 0 && !variable; i--) {
      variable = this.scopes[i]?.get(name);
    }
    if (!variable) {
      const meaning = this.global(name, at);
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

  private unary(expression: Unary): void {
    const { operator, operand, at } = expression;
    this.expression(operand);
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

  private binary(expression: Binary): void {
    const { operator, left, right, at } = expression;
    this.expression(left);
    this.expression(right);
    const wrong = () => {
      const [a, b] = [typeName(typed(left)), typeName(typed(right))];
      return new Mistake(at, `'${operator}' does not take ${a} and ${b}`);
    };
    if (!isNumeric(typed(left)) || !isNumeric(typed(right))) throw wrong();
    if (operator === '<<' || operator === '>>') {
      this.shift(expression, wrong);
    } else if (operator === '&&' || operator === '||') {
      if (typed(left) !== BOOL || typed(right) !== BOOL) throw wrong();
      expression.type = BOOL;
      const short = operator === '||';
      if (left.constant === short) expression.constant = short;
    } else {
      const type = this.unify([left, right], '+-*/%'.includes(operator));
      if (!type) throw wrong();
      const { scalar: name } = type;
      const comparison = ['==', '!=', '<', '>', '<=', '>='].includes(operator);
      const bool = name === 'bool';
      if (bool && !['==', '!=', '&', '|'].includes(operator)) throw wrong();
      if ('&|^'.includes(operator) && !bool && !inFamily(type, 'integer')) throw wrong();
      expression.type = comparison ? withScalar(type, 'bool') : type;
    }
    this.refuseDivisor(expression);
    if (left.constant === undefined || right.constant === undefined) return;
    const { scalar: name } = typed(left) as Numeric;
    const { type } = expression as { type: Type };
    const constant = constants.binary(operator, name, type, left.constant, right.constant);
    if (constant === undefined && isAbstract(type)) {
      throw new Mistake(at, `'${operator}' of these constants has no value`);
    }
    expression.constant = constant;
  }

  /** Constant divisors of 0 and shifts of 32 and more are errors, whatever is on their left. */
  private refuseDivisor({ operator, right, at }: Binary): void {
    const { constant } = right;
    if (constant === undefined || !inFamily(typed(right), 'integer')) return;
    const lanes = (Array.isArray(constant) ? constant : [constant]) as readonly number[];
    if ((operator === '/' || operator === '%') && lanes.includes(0)) {
      throw new Mistake(at, `'${operator}' by a constant 0`);
    }
    if ((operator === '<<' || operator === '>>') && lanes.some((lane) => lane > 31)) {
      throw new Mistake(at, `'${operator}' by 32 or more`);
    }
  }

  private shift(expression: Binary, wrong: () => Mistake): void {
    const { left, right } = expression;
    const amount = typed(right) as Numeric;
    if (amount.scalar === 'abstract-int') this.coerce(right, withScalar(amount, 'u32'));
    else if (amount.scalar !== 'u32') throw wrong();
    if (isAbstract(typed(left)) && right.constant === undefined) this.settle(left);
    const type = typed(left);
    if (!inFamily(type, 'integer')) throw wrong();
    if (withScalar(type, 'u32') !== typed(right)) throw wrong();
    expression.type = type;
  }

  /**
   * Brings expressions to one type, constants without a type of their own to that of the others;
   * with `spread`, scalars may stand beside vectors of them. Returns the widest type.
   */
  private unify(expressions: readonly Expression[], spread: boolean): Numeric | undefined {
    const types = expressions.map(typed);
    if (!types.every(isNumeric)) return undefined;
    const concrete = types.find((type) => !isAbstract(type));
    const floats = types.some(({ scalar: name }) => name === 'abstract-float');
    const name = concrete?.scalar ?? (floats ? 'abstract-float' : 'abstract-int');
    const widest = types.find((type) => type.kind === 'vector') ?? (types[0] as Numeric);
    for (const [i, expression] of expressions.entries()) {
      const type = types[i] as Numeric;
      if (!spread && type.kind !== widest.kind) return undefined;
      if (type.kind === 'vector' && widest.kind === 'vector' && type.width !== widest.width) {
        return undefined;
      }
      if (!canCoerce(type, withScalar(type, name))) return undefined;
      this.coerce(expression, withScalar(type, name));
    }
    return withScalar(widest, name);
  }

  private index(expression: Index): void {
    const { base, index, at } = expression;
    this.expression(base);
    this.expression(index);
    this.settle(index);
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

  private member(expression: MemberAccess): void {
    const { base, name, at } = expression;
    this.expression(base);
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
    if (Array.isArray(constant)) {
      const picked = lanes.map((lane) => constant[lane] as Constant);
      expression.constant = lanes.length === 1 ? picked[0] : picked;
    }
  }

  private call(expression: Call): void {
    const { callee, args, at } = expression;
    const { name } = callee;
    if (this.scopes.some((scope) => scope.has(name)))
      throw new Mistake(at, `'${name}' is no function`);
    const meaning = this.global(name, at);
    if (meaning?.kind === 'function') return this.userCall(expression, meaning.callee);
    if (meaning?.kind === 'variable') throw new Mistake(at, `'${name}' is no function`);
    for (const arg of args) this.expression(arg);
    if (!meaning && name === 'bitcast') return this.bitcast(expression);
    if (!meaning && BARRIERS.has(name)) {
      this.arity(expression, 0);
      if (!this.around) throw new Mistake(at, 'a barrier belongs into a function');
      this.around.callee.barrier = true;
      expression.type = VOID;
      expression.target = { kind: 'builtin', name };
      return;
    }
    if (!meaning && name === 'arrayLength') {
      this.arity(expression, 1);
      const type = typed(args[0] as Expression);
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
    if (signature) return this.builtin(expression);
    expression.target = { kind: 'construct' };
    if (!meaning && callee.args.length === 0 && /^vec[234]$/.test(name)) {
      return this.inferredVector(expression, Number(name[3]));
    }
    if (!meaning && callee.args.length === 0 && name === 'array')
      return this.inferredArray(expression);
    if (!meaning && !isTypeName(name)) throw new Mistake(at, `'${name}' is not declared`);
    this.construct(expression, this.type(callee));
  }

  private arity(expression: Call, count: number): void {
    const { args, at, callee } = expression;
    if (args.length !== count) {
      const wanted = `${count} ${count === 1 ? 'argument' : 'arguments'}`;
      throw new Mistake(at, `'${callee.name}' takes ${wanted}, not ${args.length}`);
    }
  }

  private userCall(expression: Call, callee: FunctionSyntax): void {
    this.arity(expression, callee.parameters.length);
    for (const [i, arg] of expression.args.entries()) {
      this.expression(arg);
      this.coerce(arg, callee.parameters[i]?.variable?.type as Type);
    }
    if (callee.barrier && this.around) this.around.callee.barrier = true;
    expression.type = callee.returnType as Type;
    expression.target = { kind: 'function', callee };
  }

  private bitcast(expression: Call): void {
    this.arity(expression, 1);
    const [syntax] = expression.callee.args;
    const [arg] = expression.args as [Expression];
    if (!syntax) throw new Mistake(expression.at, "'bitcast' needs a type");
    this.settle(arg);
    const [from, to] = [typed(arg), this.type(syntax)];
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

  private builtin(expression: Call): void {
    const { callee, args, at } = expression;
    const { name } = callee;
    const signature = signatures.get(name) as NonNullable<ReturnType<typeof signatures.get>>;
    this.arity(expression, signature.count);
    expression.target = { kind: 'builtin', name };
    const wrong = () => {
      const given = args.map((arg) => typeName(typed(arg))).join(', ');
      return new Mistake(at, `'${name}' does not take (${given})`);
    };
    if (FIXED.has(name)) {
      this.coerce(args[0] as Expression, signature.rest?.(F32)[0] as Type);
      expression.type = signature.result?.(F32) as Type;
      return;
    }
    const together = args.slice(0, signature.shared);
    let shared = this.unify(together, signature.spread ?? false);
    if (shared && signature.family === 'float' && shared.scalar === 'abstract-int') {
      shared = withScalar(shared, 'abstract-float');
    }
    if (!shared || !inFamily(shared, signature.family)) throw wrong();
    if (signature.vectorOnly && shared.kind !== 'vector') throw wrong();
    if (name === 'cross' && (shared.kind !== 'vector' || shared.width !== 3)) throw wrong();
    if (name === 'select') {
      const test = typed(args[2] as Expression);
      if (test !== BOOL && test !== withScalar(shared, 'bool')) throw wrong();
    }
    signature.rest?.(shared).forEach((type, i) => {
      this.coerce(args[signature.shared + i] as Expression, type);
    });
    const lists = args.map((arg) => arg.constant);
    if (lists.every((value) => value !== undefined) && !signature.result) {
      expression.constant = constants.builtin(name, shared, lists as Constant[]);
    }
    if (isAbstract(shared) && expression.constant === undefined) {
      shared = withScalar(shared, shared.scalar === 'abstract-int' ? 'i32' : 'f32');
    }
    for (const arg of together) {
      const type = typed(arg) as Numeric;
      this.coerce(arg, withScalar(type, shared.scalar));
    }
    expression.type = signature.result?.(shared) ?? shared;
  }

  private inferredVector(expression: Call, width: number): void {
    const { args, at } = expression;
    if (args.length === 0) throw new Mistake(at, `'vec${width}' needs a type`);
    const types = args.map(typed);
    const numeric = types.filter(isNumeric);
    if (numeric.length < types.length) throw new Mistake(at, 'a vector is of scalars');
    const concrete = numeric.find((type) => !isAbstract(type))?.scalar;
    const floats = numeric.some((type) => type.scalar === 'abstract-float');
    this.construct(
      expression,
      vector(width, concrete ?? (floats ? 'abstract-float' : 'abstract-int')),
    );
  }

  private inferredArray(expression: Call): void {
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
    this.construct(expression, array(element, args.length));
  }

  private construct(expression: Call, type: Type): void {
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
    const list = () => {
      const values = args.map((arg) => arg.constant);
      return values.every((value) => value !== undefined) ? (values as Constant[]) : undefined;
    };
    if (type.kind === 'array' || type.kind === 'struct') {
      const types =
        type.kind === 'struct'
          ? type.members.map((member) => member.type)
          : args.map(() => type.element);
      if (args.length !== (type.kind === 'struct' ? types.length : type.count)) throw wrong();
      for (const [i, arg] of args.entries()) this.coerce(arg, types[i] as Type);
      expression.constant = list();
      return;
    }
    if (!isNumeric(type) || !args.every((arg) => isNumeric(typed(arg)))) throw wrong();
    const widths = args.map((arg) => widthOf(typed(arg) as Numeric));
    const [first] = args as [Expression];
    if (args.length === 1 && typed(first).kind === type.kind && widths[0] === widthOf(type)) {
      if (isAbstract(typed(first)) && canCoerce(typed(first), type)) {
        this.coerce(first, type);
        expression.constant = first.constant;
        return;
      }
      this.settle(first);
      if (first.constant === undefined) return;
      expression.constant = constants.lanewise(type, [first.constant], ([x]) =>
        constants.converted(x as number | boolean, type.scalar),
      );
      return;
    }
    if (type.kind !== 'vector') throw wrong();
    const total = widths.reduce((sum, width) => sum + width, 0);
    if (total !== type.width && !(args.length === 1 && total === 1)) throw wrong();
    for (const arg of args) {
      const own = typed(arg) as Numeric;
      if (!canCoerce(own, withScalar(own, type.scalar))) throw wrong();
      this.coerce(arg, withScalar(own, type.scalar));
    }
    const flat = list()?.flat() as Constant[] | undefined;
    if (flat) expression.constant = flat.length === 1 ? Array(type.width).fill(flat[0]) : flat;
  }

  /** Gives a constant without a type the type it has by default. */
  private settle(expression: Expression): void {
    const type = typed(expression);
    if (!isAbstract(type)) return;
    const concrete = (from: Type): Type => {
      if (from.kind === 'array') return array(concrete(from.element), from.count);
      return withScalar(
        from as Numeric,
        (from as Numeric).scalar === 'abstract-int' ? 'i32' : 'f32',
      );
    };
    this.coerce(expression, concrete(type));
  }

  private coerce(expression: Expression, type: Type): void {
    const own = typed(expression);
    if (own === type) return;
    if (!canCoerce(own, type)) {
      throw new Mistake(expression.at, `expected a ${typeName(type)}, found a ${typeName(own)}`);
    }
    const constant = brought(expression.constant as Constant, type);
    if (constant === undefined) {
      throw new Mistake(expression.at, `this constant does not fit into ${typeName(type)}`);
    }
    expression.constant = constant;
    expression.type = type;
  }
}

function typed(expression: Expression): Type {
  return expression.type as Type;
}

function widthOf(type: Numeric): number {
  return type.kind === 'vector' ? type.width : 1;
}

function isTypeName(name: string): boolean {
  return /^(?:f32|i32|u32|bool|f16|array|vec[234][fiuh]?|mat[234]x[234][fh]?|ptr|atomic)$/.test(
    name,
  );
}

function brought(constant: Constant, type: Type): Constant | undefined {
  if (type.kind === 'array') {
    const items = (constant as readonly Constant[]).map((item) => brought(item, type.element));
    return items.every((item) => item !== undefined) ? (items as Constant[]) : undefined;
  }
  return constants.lanewise(type, [constant], ([x]) =>
    constants.inType(x as number | boolean, (type as Numeric).scalar),
  );
}

/** Whether a constant without a type of its own may become one of type `to`. */
function canCoerce(from: Type, to: Type): boolean {
  if (from === to) return true;
  if (from.kind === 'array' && to.kind === 'array') {
    return from.count === to.count && canCoerce(from.element, to.element);
  }
  if (!isNumeric(from) || !isNumeric(to) || withScalar(from, to.scalar) !== to) return false;
  if (from.scalar === 'abstract-float') return to.scalar === 'f32';
  return from.scalar === 'abstract-int' && to.scalar !== 'bool';
}

function containsBool(type: Type): boolean {
  if (isNumeric(type)) return type.scalar === 'bool';
  if (type.kind === 'array') return containsBool(type.element);
  return type.kind === 'struct' && type.members.some((member) => containsBool(member.type));
}

function rootOf(expression: Expression): Variable | undefined {
  if (expression.kind === 'name') return expression.variable;
  if (expression.kind === 'index' || expression.kind === 'member') return rootOf(expression.base);
  return undefined;
}

export function swizzleLanes(name: string): number[] {
  return [...name].map((letter) => {
    const lane = 'xyzw'.indexOf(letter);
    return lane >= 0 ? lane : 'rgba'.indexOf(letter);
  });
}

/** Whether control cannot leave a list of statements at its end. */
function ends(body: readonly Statement[]): boolean {
  const last = body[body.length - 1];
  if (!last) return false;
  switch (last.kind) {
    case 'return':
      return true;
    case 'block':
      return ends(last.body);
    case 'if':
      return ends(last.then) && ends(last.otherwise);
    case 'switch':
      return (
        last.cases.every(({ body: own }) => ends(own) && !breaks(own)) &&
        last.cases.some(({ selectors }) => selectors.includes('default'))
      );
    case 'loop':
      return !last.condition && !last.breakIf && !breaks(last.body);
    default:
      return false;
  }
}

function breaks(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    if (statement.kind === 'break') return true;
    if (statement.kind === 'block') return breaks(statement.body);
    return statement.kind === 'if' && (breaks(statement.then) || breaks(statement.otherwise));
  });
}
