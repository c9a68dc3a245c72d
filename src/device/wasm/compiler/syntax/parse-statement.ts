import { Mistake } from '../error.ts';
import { ExpressionParser } from './parse-expression.ts';
import type { Attribute, Declaration, Expression, Loop, Statement, Switch } from './tree.ts';
import { ABSTRACT_INT } from './types.ts';

/** Reads the statements of a function. */
export class StatementParser extends ExpressionParser {
  protected block(): Statement[] {
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
        this.next();
        const condition = this.expression();
        return this.loopOf(at, { condition, body: this.block() });
      }
      case 'loop':
        return this.loop();
      case 'switch':
        return this.switch();
      case 'break':
      case 'continue':
        this.next();
        this.expect(';');
        return { kind: text, at };
      case 'return': {
        this.next();
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

  protected assert(): { kind: 'assert'; condition: Expression; at: number } {
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
        if (this.is('break') && this.following === 'if') {
          this.next();
          this.next();
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
      this.next();
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

  protected declaration(attributes: readonly Attribute[]): Declaration {
    const { text: keyword, at } = this.token;
    this.next();
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
}
