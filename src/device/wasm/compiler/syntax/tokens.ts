import { Mistake } from '../error.ts';
import { RESERVED_WORDS } from './reserved-words.ts';

type TokenKind = 'name' | 'number' | 'symbol' | 'end';

export interface Token {
  kind: TokenKind;
  text: string;
  at: number;
}

const TOKEN =
  /(?:\s+|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)|([A-Za-z_]\w*)|(0[xX](?:[\da-fA-F]*\.?[\da-fA-F]*[pP][+-]?\d+[fh]?|[\da-fA-F]+[iu]?)|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[iufh]?)|(>>=|<<=|->|&&|\|\||\+\+|--|==|!=|<=|>=|<<|>>|[-+*/%&|^]=|[-+*/%&|^~!<>=.,:;@(){}[\]])/y;

/** Cuts a program's text into tokens, without comments; the last one is of kind `end`. */
export function scan(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match) throw new Mistake(at, `unexpected character ${JSON.stringify(source[at])}`);
    const [text, name, number, symbol] = match;
    if (name !== undefined) {
      if (RESERVED_WORDS.has(name)) {
        throw new Mistake(at, `'${name}' is a reserved word of WGSL: choose another name`);
      }
      tokens.push({ kind: 'name', text: name, at });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
    at += text.length;
  }
  tokens.push({ kind: 'end', text: 'end of the program', at });
  return tokens;
}
