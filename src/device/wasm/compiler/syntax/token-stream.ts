import { Mistake } from '../error.ts';
import { KEYWORDS } from './reserved-words.ts';
import { scan, type Token } from './tokens.ts';

/** The tokens of a program, read from the front. */
export class TokenStream {
  private readonly tokens: Token[];
  private position = 0;

  constructor(source: string) {
    this.tokens = scan(source);
  }

  protected get token(): Token {
    return this.tokens[this.position] as Token;
  }

  /** The text of the token after this one. */
  protected get following(): string | undefined {
    return this.tokens[this.position + 1]?.text;
  }

  protected next(): void {
    this.position++;
  }

  protected is(text: string): boolean {
    return this.token.text === text && this.token.kind !== 'end';
  }

  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  protected expect(text: string): Token {
    const { token } = this;
    if (!this.accept(text))
      throw new Mistake(token.at, `expected '${text}', found '${token.text}'`);
    return token;
  }

  protected name(what: string): Token {
    const { token } = this;
    if (token.kind !== 'name' || KEYWORDS.has(token.text))
      throw new Mistake(token.at, `expected ${what}, found '${token.text}'`);
    this.next();
    return token;
  }

  protected list<T>(open: string, close: string, item: () => T): T[] {
    this.expect(open);
    const items: T[] = [];
    while (!this.is(close)) {
      items.push(item());
      if (!this.accept(',')) break;
    }
    this.expect(close);
    return items;
  }

  /** A `>` that may be the first character of `>>`, `>=` or `>>=`. */
  protected closeTemplate(): void {
    const { token } = this;
    if (!token.text.startsWith('>'))
      throw new Mistake(token.at, `expected '>', found '${token.text}'`);
    if (token.text === '>') this.next();
    else {
      const rest = { kind: token.kind, text: token.text.slice(1), at: token.at + 1 };
      this.tokens[this.position] = rest;
    }
  }
}
