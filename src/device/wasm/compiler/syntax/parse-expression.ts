import { Mistake } from '../error.ts';
import { readNumber } from './literal.ts';
import { TokenStream } from './token-stream.ts';
import type { Attribute, Call, Expression, TypeSyntax } from './tree.ts';
import { BOOL } from './types.ts';

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

/** Reads expressions, and what is made of them: types and attributes. */
export class ExpressionParser extends TokenStream {
  protected attributes(): Attribute[] {
    const attributes: Attribute[] = [];
    while (this.is('@')) {
      const { at } = this.expect('@');
      const name = this.name('an attribute').text;
      attributes.push({ name, args: this.is('(') ? this.args() : [], at });
    }
    return attributes;
  }

  protected type(): TypeSyntax {
    const { text, at } = this.name('a type');
    if (!this.is('<')) return { name: text, args: [], at };
    this.next();
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

  protected args(): Expression[] {
    return this.list('(', ')', () => this.expression());
  }

  protected expression(): Expression {
    return this.binary(0);
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    while (this.token.kind === 'symbol' && operators.includes(this.token.text)) {
      const { text: operator, at } = this.token;
      this.next();
      left = { kind: 'binary', operator, left, right: this.binary(level + 1), at };
    }
    return left;
  }

  protected unary(): Expression {
    const { text: operator, at, kind } = this.token;
    if (kind === 'symbol' && ['-', '!', '~', '*', '&'].includes(operator)) {
      this.next();
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
      this.next();
      return { kind: 'literal', ...readNumber(token), at };
    }
    if (text === 'true' || text === 'false') {
      this.next();
      return { kind: 'literal', value: text === 'true', literalType: BOOL, at };
    }
    if (token.kind !== 'name') throw new Mistake(at, `expected an expression, found '${text}'`);
    if (TEMPLATES.test(text) && this.following === '<') {
      return this.call(this.type());
    }
    this.next();
    if (this.is('(')) return this.call({ name: text, args: [], at });
    return { kind: 'name', name: text, at };
  }

  private call(callee: TypeSyntax): Call {
    return { kind: 'call', callee, args: this.args(), at: callee.at };
  }
}
