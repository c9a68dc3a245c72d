import { Mistake } from './error.ts';
import type {
  Attribute,
  Call,
  Declaration,
  Expression,
  FunctionSyntax,
  GlobalSyntax,
  Loop,
  Parameter,
  Statement,
  Switch,
  TypeSyntax,
} from './syntax.ts';
import { scan, type Token } from './tokens.ts';
import { ABSTRACT_FLOAT, ABSTRACT_INT, BOOL, F32, I32, type ScalarType, U32 } from './types.ts';
import { whyRefused } from './unsupported.ts';

/** Names that a `<` behind opens a list of types for; elsewhere it compares. */
const TEMPLATES = /^(?:array|vec[234]|mat[234]x[234]|ptr|bitcast|atomic)$/;

/** How tightly binary operators bind, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const SHIFT_LEVEL = 7;

/** WGSL text as a list of global declarations. */
export function parse(source: string): GlobalSyntax[] {
  return new Parser(scan(source)).program();
}

class Parser {
  private readonly tokens: Token[];
  private position = 0;

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  program(): GlobalSyntax[] {
    const globals: GlobalSyntax[] = [];
    while (this.token.kind !== 'end') {
      if (this.accept(';')) continue;
      globals.push(this.global());
    }
    return globals;
  }

  private get token(): Token {
    return this.tokens[this.position] as Token;
  }

  private is(text: string): boolean {
    return this.token.text === text && this.token.kind !== 'end';
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.position++;
    return true;
  }

  private expect(text: string): Token {
    const { token } = this;
    if (!this.accept(text))
      throw new Mistake(token.at, `expected '${text}', found '${token.text}'`);
    return token;
  }

  private name(what: string): Token {
    const { token } = this;
    if (token.kind !== 'name')
      throw new Mistake(token.at, `expected ${what}, found '${token.text}'`);
    this.position++;
    return token;
  }

  private global(): GlobalSyntax {
    const attributes = this.attributes();
    const { at, text } = this.token;
    switch (text) {
      case 'fn':
        return this.function(attributes);
      case 'struct':
        return this.struct();
      case 'alias': {
        this.position++;
        const name = this.name('a name').text;
        this.expect('=');
        const typeSyntax = this.type();
        this.expect(';');
        return { kind: 'alias', name, typeSyntax, at };
      }
      case 'const_assert':
        return this.assert();
      case 'var':
      case 'const':
      case 'override': {
        const declaration = this.declaration(attributes);
        this.expect(';');
        return declaration;
      }
      case 'enable':
      case 'requires':
        throw new Mistake(at, `'${text}' is not supported: no f16, no other extension of WGSL`);
      default:
        throw new Mistake(at, `expected a declaration, found '${text}'`);
    }
  }

  private attributes(): Attribute[] {
    const attributes: Attribute[] = [];
    while (this.is('@')) {
      const { at } = this.expect('@');
      const name = this.name('an attribute').text;
      attributes.push({ name, args: this.is('(') ? this.args() : [], at });
    }
    return attributes;
  }

  private args(): Expression[] {
    return this.list('(', ')', () => this.expression());
  }

  private list<T>(open: string, close: string, item: () => T): T[] {
    this.expect(open);
    const items: T[] = [];
    while (!this.is(close)) {
      items.push(item());
      if (!this.accept(',')) break;
    }
    this.expect(close);
    return items;
  }

  private struct(): GlobalSyntax {
    const { at } = this.expect('struct');
    const name = this.name('a name').text;
    const members = this.list('{', '}', () => this.parameter());
    return { kind: 'struct', name, members, at };
  }

  private parameter(): Parameter {
    const attributes = this.attributes();
    const { text, at } = this.name('a name');
    this.expect(':');
    return { name: text, typeSyntax: this.type(), attributes, at };
  }

  private function(attributes: Attribute[]): FunctionSyntax {
    const { at } = this.expect('fn');
    const name = this.name('a name').text;
    const parameters = this.list('(', ')', () => this.parameter());
    let returnSyntax: TypeSyntax | undefined;
    if (this.accept('->')) {
      this.attributes();
      returnSyntax = this.type();
    }
    const body = this.block();
    return { kind: 'function', name, parameters, returnSyntax, body, attributes, at };
  }

  private type(): TypeSyntax {
    const { text, at } = this.name('a type');
    if (!this.is('<')) return { name: text, args: [], at };
    this.position++;
    const args: TypeSyntax[] = [];
    let count: Expression | undefined;
    while (!this.token.text.startsWith('>')) {
      if (text === 'array' && args.length === 1) count = this.binary(SHIFT_LEVEL + 1);
      else args.push(this.type());
      if (!this.accept(',')) break;
    }
    this.closeTemplate();
    return count ? { name: text, args, count, at } : { name: text, args, at };
  }

  /** A `>` that may be the first character of `>>`, `>=` or `>>=`. */
  private closeTemplate(): void {
    const { token } = this;
    if (!token.text.startsWith('>'))
      throw new Mistake(token.at, `expected '>', found '${token.text}'`);
    if (token.text === '>') this.position++;
    else {
      const rest = { kind: token.kind, text: token.text.slice(1), at: token.at + 1 };
      this.tokens[this.position] = rest;
    }
  }

  private block(): Statement[] {
    this.expect('{');
    const statements: Statement[] = [];
    while (!this.is('}')) {
      if (this.accept(';')) continue;
      statements.push(this.statement());
    }
    this.expect('}');
    return statements;
  }

  private statement(): Statement {
    const { at, text } = this.token;
    switch (text) {
      case '{':
        return { kind: 'block', body: this.block(), at };
      case 'if':
        return this.if();
      case 'for':
        return this.for();
      case 'while': {
        this.position++;
        const condition = this.expression();
        return this.loopOf(at, { condition, body: this.block() });
      }
      case 'loop':
        return this.loop();
      case 'switch':
        return this.switch();
      case 'break':
      case 'continue':
        this.position++;
        this.expect(';');
        return { kind: text, at };
      case 'return': {
        this.position++;
        const value = this.is(';') ? undefined : this.expression();
        this.expect(';');
        return { kind: 'return', value, at };
      }
      case 'const_assert':
        return this.assert();
      default: {
        const statement = this.simple();
        this.expect(';');
        return statement;
      }
    }
  }

  private assert(): { kind: 'assert'; condition: Expression; at: number } {
    const { at } = this.expect('const_assert');
    const condition = this.expression();
    this.expect(';');
    return { kind: 'assert', condition, at };
  }

  private if(): Statement {
    const { at } = this.expect('if');
    const condition = this.expression();
    const then = this.block();
    let otherwise: Statement[] = [];
    if (this.accept('else')) otherwise = this.is('if') ? [this.if()] : this.block();
    return { kind: 'if', condition, then, otherwise, at };
  }

  private for(): Loop {
    const { at } = this.expect('for');
    this.expect('(');
    const init = this.is(';') ? undefined : this.simple();
    this.expect(';');
    const condition = this.is(';') ? undefined : this.expression();
    this.expect(';');
    const continuing = this.is(')') ? [] : [this.simple()];
    this.expect(')');
    return this.loopOf(at, { init, condition, continuing, body: this.block() });
  }

  private loopOf(at: number, parts: Partial<Loop>): Loop {
    const none = { init: undefined, condition: undefined, breakIf: undefined };
    return { kind: 'loop', body: [], continuing: [], ...none, ...parts, at };
  }

  private loop(): Loop {
    const { at } = this.expect('loop');
    this.expect('{');
    const body: Statement[] = [];
    const continuing: Statement[] = [];
    let breakIf: Expression | undefined;
    while (!this.is('}')) {
      if (this.accept(';')) continue;
      if (!this.accept('continuing')) {
        body.push(this.statement());
        continue;
      }
      this.expect('{');
      while (!this.is('}')) {
        if (this.is('break') && this.tokens[this.position + 1]?.text === 'if') {
          this.position += 2;
          breakIf = this.expression();
          this.expect(';');
          break;
        }
        if (!this.accept(';')) continuing.push(this.statement());
      }
      this.expect('}');
      break;
    }
    this.expect('}');
    return this.loopOf(at, { body, continuing, breakIf });
  }

  private switch(): Switch {
    const { at } = this.expect('switch');
    const selector = this.expression();
    this.expect('{');
    const cases: Switch['cases'][number][] = [];
    while (!this.is('}')) {
      const selectors: (Expression | 'default')[] = [];
      if (this.accept('default')) selectors.push('default');
      else {
        this.expect('case');
        while (!this.is(':') && !this.is('{')) {
          selectors.push(this.accept('default') ? 'default' : this.expression());
          if (!this.accept(',')) break;
        }
      }
      this.accept(':');
      cases.push({ selectors, body: this.block() });
    }
    this.expect('}');
    return { kind: 'switch', selector, cases, at };
  }

  /** A statement that may stand in the head of a `for`. */
  private simple(): Statement {
    const { text, at } = this.token;
    if (text === 'let' || text === 'var' || text === 'const') return this.declaration([]);
    if (this.accept('_')) {
      this.expect('=');
      const value = this.expression();
      return { kind: 'assignment', target: undefined, operator: undefined, value, at };
    }
    const target = this.unary();
    const { token } = this;
    if (this.accept('=')) {
      return { kind: 'assignment', target, operator: undefined, value: this.expression(), at };
    }
    if (this.accept('++') || this.accept('--')) {
      const right: Expression = { kind: 'literal', value: 1, literalType: ABSTRACT_INT, at };
      return this.compound(target, token.text.slice(1), right, at);
    }
    if (/^(?:>>|<<|[-+*/%&|^])=$/.test(token.text)) {
      this.position++;
      return this.compound(target, token.text.slice(0, -1), this.expression(), at);
    }
    if (target.kind !== 'call') {
      throw new Mistake(token.at, `expected a statement, found '${token.text}'`);
    }
    return { kind: 'call-statement', call: target, at };
  }

  private compound(left: Expression, operator: string, right: Expression, at: number): Statement {
    const value: Expression = { kind: 'binary', operator, left, right, at };
    return { kind: 'assignment', target: left, operator, value, at };
  }

  private declaration(attributes: readonly Attribute[]): Declaration {
    const { text: keyword, at } = this.token;
    this.position++;
    let space: string | undefined;
    let access: string | undefined;
    if (keyword === 'var' && this.accept('<')) {
      space = this.name('an address space').text;
      if (this.accept(',')) access = this.name('an access mode').text;
      this.closeTemplate();
    }
    const name = this.name('a name').text;
    const typeSyntax = this.accept(':') ? this.type() : undefined;
    const value = this.accept('=') ? this.expression() : undefined;
    return {
      kind: 'declaration',
      keyword: keyword as Declaration['keyword'],
      name,
      typeSyntax,
      value,
      space,
      access,
      attributes,
      at,
    };
  }

  private expression(): Expression {
    return this.binary(0);
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    while (this.token.kind === 'symbol' && operators.includes(this.token.text)) {
      const { text: operator, at } = this.token;
      this.position++;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1), at };
    }
    return left;
  }

  private unary(): Expression {
    const { text: operator, at, kind } = this.token;
    if (kind === 'symbol' && ['-', '!', '~', '*', '&'].includes(operator)) {
      this.position++;
      return { kind: 'unary', operator, operand: this.unary(), at };
    }
    return this.postfix(this.primary());
  }

  private postfix(base: Expression): Expression {
    let whole = base;
    for (;;) {
      const { at } = this.token;
      if (this.accept('[')) {
        whole = { kind: 'index', base: whole, index: this.expression(), at };
        this.expect(']');
      } else if (this.accept('.')) {
        whole = { kind: 'member', base: whole, name: this.name('a member').text, at };
      } else return whole;
    }
  }

  private primary(): Expression {
    const { token } = this;
    const { at, text } = token;
    if (this.accept('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (token.kind === 'number') {
      this.position++;
      return { kind: 'literal', ...number(token), at };
    }
    if (text === 'true' || text === 'false') {
      this.position++;
      return { kind: 'literal', value: text === 'true', literalType: BOOL, at };
    }
    if (token.kind !== 'name') throw new Mistake(at, `expected an expression, found '${text}'`);
    if (TEMPLATES.test(text) && this.tokens[this.position + 1]?.text === '<') {
      return this.call(this.type());
    }
    this.position++;
    if (this.is('(')) return this.call({ name: text, args: [], at });
    return { kind: 'name', name: text, at };
  }

  private call(callee: TypeSyntax): Call {
    return { kind: 'call', callee, args: this.args(), at: callee.at };
  }
}

function number({ text, at }: Token): { value: number; literalType: ScalarType } {
  const hexadecimal = /^0x/i.test(text);
  const suffix = (hexadecimal && !/p/i.test(text) ? /[iu]$/ : /[iufh]$/).exec(text)?.[0];
  const digits = suffix ? text.slice(0, -1) : text;
  const value = hexadecimal && /p/i.test(digits) ? hexadecimalFloat(digits) : Number(digits);
  if (suffix === 'h') throw new Mistake(at, whyRefused('f16') as string);
  if (suffix === 'f') return { value: Math.fround(value), literalType: F32 };
  const whole = hexadecimal ? !/p/i.test(digits) : /^\d+$/.test(digits);
  if (!whole) {
    if (suffix) throw new Mistake(at, `'${text}' is not a whole number`);
    return { value, literalType: ABSTRACT_FLOAT };
  }
  const limit = suffix === 'u' ? 0xffffffff : suffix === 'i' ? 0x7fffffff : Number.MAX_SAFE_INTEGER;
  if (value > limit) throw new Mistake(at, `'${text}' is too large for its type`);
  return { value, literalType: suffix === 'u' ? U32 : suffix === 'i' ? I32 : ABSTRACT_INT };
}

function hexadecimalFloat(text: string): number {
  const [mantissa = '', exponent = '0'] = text.slice(2).split(/p/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = 2 ** (Number(exponent) - 4 * fraction.length);
  return Number.parseInt(`${whole}${fraction}` || '0', 16) * scale;
}
