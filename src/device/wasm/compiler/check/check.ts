import { Mistake } from '../error.ts';
import type {
  Declaration,
  Expression,
  FunctionSyntax,
  GlobalSyntax,
  Statement,
  Variable,
} from '../syntax/tree.ts';
import { struct, VOID } from '../syntax/types.ts';
import { type Checking, type Meaning, type Surroundings, variableOf } from './checking.ts';
import { checkExpression } from './expressions.ts';
import { checkStatement, checkStatements, constantVariable } from './statements.ts';
import { containsBool, resolveType, wholeNumber } from './type-names.ts';

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

class Checker implements Checking {
  scopes: Map<string, Variable>[] = [];
  around: Surroundings | undefined;
  private readonly globals: readonly GlobalSyntax[];
  private readonly declared = new Map<string, GlobalSyntax>();
  private readonly meanings = new Map<string, Meaning>();
  private readonly pending = new Set<string>();
  private readonly resources: Variable[] = [];
  private readonly functions = new Map<string, FunctionSyntax>();

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
      if (global.kind === 'assert') checkStatement(this, global);
      else this.global(global.name, global.at);
    }
    return { functions: this.functions, resources: this.resources };
  }

  /** What a global name means; checks its declaration first, wherever it stands. */
  global(name: string, at: number): Meaning | undefined {
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

  expression(expression: Expression): void {
    checkExpression(this, expression);
  }

  private define(syntax: Exclude<GlobalSyntax, { kind: 'assert' }>): Meaning {
    switch (syntax.kind) {
      case 'alias':
        return { kind: 'type', type: resolveType(this, syntax.typeSyntax) };
      case 'struct': {
        const members = syntax.members.map((member) => {
          const outside = member.attributes.find(({ name }) => name !== 'builtin');
          if (outside) throw new Mistake(outside.at, `'@${outside.name}' is not supported here`);
          return { name: member.name, type: resolveType(this, member.typeSyntax) };
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
      return constantVariable(this, syntax);
    }
    const space = syntax.space ?? 'function';
    const attribute = (wanted: string) => {
      const found = syntax.attributes.find((a) => a.name === wanted)?.args[0];
      return found ? wholeNumber(this, found) : undefined;
    };
    const type = syntax.typeSyntax ? resolveType(this, syntax.typeSyntax) : undefined;
    if (space === 'uniform' || space === 'storage') {
      const binding = attribute('binding');
      if (binding === undefined || attribute('group') !== 0) {
        throw new Mistake(at, `'${name}' needs @group(0) and a @binding`);
      }
      if (!type) throw new Mistake(at, `'${name}' needs a type`);
      if (containsBool(type)) throw new Mistake(at, `'${name}' cannot hold bool`);
      const writable = access === 'read_write';
      const variable = variableOf(syntax, type, space, writable, binding);
      this.resources.push(variable);
      return variable;
    }
    if (space !== 'workgroup' && space !== 'private') {
      throw new Mistake(at, `the address space of '${name}' is not supported: ${space}`);
    }
    if (syntax.value) throw new Mistake(at, `an initial value of '${name}' is not supported`);
    if (!type) throw new Mistake(at, `'${name}' needs a type`);
    return variableOf(syntax, type, space, true);
  }

  private function(syntax: FunctionSyntax): void {
    const scope = new Map<string, Variable>();
    for (const parameter of syntax.parameters) {
      const type = resolveType(this, parameter.typeSyntax);
      if (scope.has(parameter.name)) {
        throw new Mistake(parameter.at, `'${parameter.name}' is declared twice`);
      }
      parameter.variable = variableOf(parameter, type, 'let', false);
      scope.set(parameter.name, parameter.variable);
    }
    const returns = syntax.returnSyntax ? resolveType(this, syntax.returnSyntax) : VOID;
    syntax.returnType = returns;
    this.scopes = [scope];
    this.around = { callee: syntax, returns, loops: 0, switches: 0 };
    checkStatements(this, syntax.body);
    if (returns !== VOID && !ends(syntax.body)) {
      throw new Mistake(syntax.at, `function '${syntax.name}' may end without a return`);
    }
    for (const attribute of syntax.attributes) {
      for (const arg of attribute.args) {
        if (attribute.name === 'workgroup_size') wholeNumber(this, arg);
      }
    }
    this.functions.set(syntax.name, syntax);
  }
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
