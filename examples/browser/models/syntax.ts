/** Where something stands in a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A call of a layer's function as it was written: `dense(64, { activation: 'relu' })`. */
export class Call {
  readonly name: string;
  readonly args: readonly Value[];
  readonly place: Place;

  constructor(name: string, args: readonly Value[], place: Place) {
    this.name = name;
    this.args = args;
    this.place = place;
  }
}

export type Value =
  | number
  | string
  | boolean
  | Call
  | readonly Value[]
  | { readonly [name: string]: Value };

/** What is wrong with a list of layers, and where. */
export class LayerListError extends Error {
  readonly place: Place;

  constructor(message: string, place: Place, options?: ErrorOptions) {
    super(message, options);
    this.place = place;
  }
}

const TOKEN =
  /\s+|\/\/.*|(?<number>-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<name>[a-z_$][\w$]*(?:\.[a-z_$][\w$]*)*)|'(?<single>[^'\n]*)'|"(?<double>[^"\n]*)"|(?<sign>[()[\]{},:])/iy;

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly place: Place;
}

/**
 * Reads what stands between the brackets of `nn.sequential([…])`: calls with numbers, texts, true, false,
 * lists, objects and further calls in them, separated by commas or line breaks. Nothing is ever
 * executed.
 *
 * @throws LayerListError where it is something else
 */
export function parseCalls(text: string): Call[] {
  const tokens = tokensOf(text);
  const parser = new Parser(tokens);
  return parser.calls();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const place = placeIn(text, at);
    if (!match) throw new LayerListError(`'${text[at]}' has no meaning here.`, place);
    const { number, name, single, double, sign } = match.groups ?? {};
    const quoted = single ?? double;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, place });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, place });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, place });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, place });
    at = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: 'the end', place: placeIn(text, text.length) });
  return tokens;
}

function placeIn(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Recursive descent, a method for each thing that can stand in a list. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  calls(): Call[] {
    const calls: Call[] = [];
    while (this.#next.kind !== 'end') {
      const value = this.#value();
      if (!(value instanceof Call)) {
        throw new LayerListError('A layer is a call, such as dense(10).', this.#last.place);
      }
      calls.push(value);
      this.#takes(',');
    }
    return calls;
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  get #last(): Token {
    return this.#tokens[this.#at - 1] as Token;
  }

  #value(): Value {
    const { kind, text, place } = this.#next;
    this.#at++;
    if (kind === 'number') return Number(text);
    if (kind === 'text') return text;
    if (kind === 'name') {
      if (text === 'true' || text === 'false') return text === 'true';
      this.#needs('(', `after ${text}`);
      return new Call(text.replace(/^nn\./, ''), this.#list(')'), place);
    }
    if (kind === 'sign' && text === '[') return this.#list(']');
    if (kind === 'sign' && text === '{') return this.#object();
    throw new LayerListError(`Here is ${text}, where a layer or a value is expected.`, place);
  }

  #list(end: string): Value[] {
    const values: Value[] = [];
    while (!this.#takes(end)) {
      values.push(this.#value());
      if (this.#takes(end)) break;
      this.#needs(',', `or ${end} between values`);
    }
    return values;
  }

  #object(): { [name: string]: Value } {
    const entries: [string, Value][] = [];
    while (!this.#takes('}')) {
      const { kind, text, place } = this.#next;
      if (kind !== 'name' && kind !== 'text') {
        throw new LayerListError(`Here is ${text}, where an option's name is expected.`, place);
      }
      this.#at++;
      this.#needs(':', `after ${text}`);
      entries.push([text, this.#value()]);
      if (this.#takes('}')) break;
      this.#needs(',', 'or } between options');
    }
    return Object.fromEntries(entries);
  }

  #takes(sign: string): boolean {
    const { kind, text } = this.#next;
    if (kind !== 'sign' || text !== sign) return false;
    this.#at++;
    return true;
  }

  #needs(sign: string, where: string): void {
    if (this.#takes(sign)) return;
    const { text, place } = this.#next;
    throw new LayerListError(`Here is ${text}, where ${sign} is expected ${where}.`, place);
  }
}
