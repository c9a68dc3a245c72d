import { ArgumentError } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/** Where a number may lie: `from` and `to` belong to the range, `above` and `below` do not. */
interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** Numbers under their names as arguments, as in `{ filters }`. */
type Numbers = Readonly<Record<string, number | readonly number[]>>;

/** @throws ArgumentError where one is not a whole number within the range, naming it. */
export function requireWhole(caller: string, numbers: Numbers, range: Range = {}): void {
  requireAll(caller, numbers, range, 'whole number', Number.isInteger);
}

/** @throws ArgumentError where one is not a finite number within the range, naming it. */
export function requireNumber(caller: string, numbers: Numbers, range: Range = {}): void {
  requireAll(caller, numbers, range, 'number', Number.isFinite);
}

/** @throws ArgumentError where a text is none of the choices, naming it, them and the nearest. */
export function requireChoice(
  caller: string,
  texts: Readonly<Record<string, string>>,
  choices: readonly string[],
): void {
  for (const [name, text] of Object.entries(texts)) {
    if (choices.includes(text)) continue;
    const wanted = choices.map((choice) => `'${choice}'`).join(', ');
    throw new ArgumentError(
      `${caller}: ${name} ${shown(text)} must be one of ${wanted}.${guess(text, choices)}`,
    );
  }
}

/** Names of options, of which none of those that the type `O` has is missing. */
type AllNames<O, Names extends readonly unknown[]> = [Exclude<keyof O, Names[number]>] extends [
  never,
]
  ? unknown
  : { readonly missing: Exclude<keyof O, Names[number]> };

/**
 * Refuses a misspelt option, which would otherwise be passed over in silence. `known` are the names
 * that the options' type has: one too many or too few does not compile.
 * @throws ArgumentError where options are no object, or one is not known, naming those that are.
 */
export function requireOptions<O extends object, const Names extends readonly (keyof O)[]>(
  caller: string,
  options: O,
  known: Names & AllNames<O, Names>,
): void {
  const names: readonly PropertyKey[] = known;
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new ArgumentError(
      `${caller}: options must be an object of ${names.join(', ')}; got ${inWords(options)}.`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw unknownName(caller, 'option', name, names.map(String));
  }
}

/** @throws ArgumentError where it is no array; `such` says of what, and shows one. */
export function requireList(caller: string, value: unknown, such: string): void {
  if (!Array.isArray(value)) {
    throw new ArgumentError(`${caller}: takes an array of ${such}; got ${inWords(value)}.`);
  }
}

/** @throws ArgumentError where it is not true or false: an object or a text would count as true. */
export function requireFlag(caller: string, name: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new ArgumentError(`${caller}: ${name} ${shown(value)} must be true or false.`);
}

/** @throws ArgumentError where it is no text, or an empty one. */
export function requireText(caller: string, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new ArgumentError(`${caller}: ${name} ${shown(value)} must be a text that is not empty.`);
}

/** @throws ArgumentError where it is of another class. */
export function requireInstance(
  caller: string,
  name: string,
  value: unknown,
  of: typeof Uint8Array | typeof Map,
): void {
  if (value instanceof of) return;
  throw new ArgumentError(`${caller}: ${name} must be a ${of.name}; got ${inWords(value)}.`);
}

/** @throws ArgumentError where it is no function. */
export function requireFunction(caller: string, name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new ArgumentError(`${caller}: ${name} must be a function; got ${inWords(value)}.`);
}

/**
 * Names that other libraries have for what is called otherwise here: whoever reads or sets one is told
 * what to write. What a class made from this one sets is its own.
 */
export function refuseNames(
  prototype: object,
  what: string,
  remedies: Readonly<Record<PropertyKey, string>>,
): void {
  for (const name of Reflect.ownKeys(remedies)) {
    const refuse = () => {
      throw new ArgumentError(`${what} has no ${String(name)}: use ${remedies[name]}.`);
    };
    Object.defineProperty(prototype, name, {
      configurable: true,
      get: refuse,
      set(value) {
        if (Object.getPrototypeOf(this) === prototype) refuse();
        const own = { value, configurable: true, enumerable: true, writable: true };
        Object.defineProperty(this, name, own);
      },
    });
  }
}

/** What is thrown for a name that there is not: it lists those there are, and guesses. */
export function unknownName(
  caller: string,
  what: string,
  name: string,
  known: readonly string[],
): ArgumentError {
  return new ArgumentError(
    `${caller}: there is no ${what} ${shown(name)}.${guess(name, known)} Known: ${known.join(', ')}.`,
  );
}

function guess(name: unknown, known: readonly string[]): string {
  const nearest = typeof name === 'string' ? nearestName(name, known) : undefined;
  return nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
}

/** A value of any kind as errors tell of it: `a Promise (is an await missing?)`. */
export function inWords(value: unknown): string {
  if (value instanceof Promise) return 'a Promise (is an await missing?)';
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || value === null) return shown(value);
  const name: unknown = value.constructor?.name;
  if (!name || name === 'Object')
    return `an object of ${Object.keys(value).join(', ') || 'nothing'}`;
  return `${/^[AEIO]/.test(String(name)) ? 'an' : 'a'} ${name}`;
}

/** A number or text as one writes it; anything else in words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n (a BigInt)`;
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
    ? inWords(value)
    : String(value);
}

function requireAll(
  caller: string,
  numbers: Numbers,
  range: Range,
  kind: string,
  isOfKind: (value: unknown) => boolean,
): void {
  for (const [name, given] of Object.entries(numbers)) {
    const isFit = (value: number) => isOfKind(value) && isWithin(value, range);
    if (Array.isArray(given) ? given.every(isFit) : isFit(given as number)) continue;
    const wanted = Array.isArray(given) ? `${kind}s` : `a ${kind}`;
    throw new ArgumentError(
      `${caller}: ${name} ${shown(given)} must be ${wanted}${rangeInWords(range)}.`,
    );
  }
}

function isWithin(value: number, { from, above, to, below }: Range): boolean {
  if (from !== undefined && value < from) return false;
  if (above !== undefined && value <= above) return false;
  if (to !== undefined && value > to) return false;
  return below === undefined || value < below;
}

function rangeInWords({ from, above, to, below }: Range): string {
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  const bounds: string[] = [];
  if (from !== undefined) bounds.push(` of ${from} or more`);
  if (above !== undefined) bounds.push(` above ${above}`);
  if (to !== undefined) bounds.push(` of at most ${to}`);
  if (below !== undefined) bounds.push(` below ${below}`);
  return bounds.join(' and');
}
