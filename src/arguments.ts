import { ArgumentError } from './errors.ts';

/** Where a number may lie: `from` and `to` belong to the range, `above` and `below` do not. */
interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** Numbers under their names as arguments, as in `{ filters }`; undefined ones were not given. */
type Numbers = Readonly<Record<string, number | readonly number[] | undefined>>;

/** @throws ArgumentError where one is not a whole number within the range, naming it. */
export function requireWhole(caller: string, numbers: Numbers, range: Range = {}): void {
  requireAll(caller, numbers, range, 'whole number', Number.isInteger);
}

/** @throws ArgumentError where one is not a finite number within the range, naming it. */
export function requireNumber(caller: string, numbers: Numbers, range: Range = {}): void {
  requireAll(caller, numbers, range, 'number', Number.isFinite);
}

/** @throws ArgumentError where a text is none of the choices, naming it and them. */
export function requireChoice(
  caller: string,
  texts: Readonly<Record<string, string>>,
  choices: readonly string[],
): void {
  for (const [name, text] of Object.entries(texts)) {
    if (choices.includes(text)) continue;
    const wanted = choices.map((choice) => `'${choice}'`).join(', ');
    throw new ArgumentError(`${caller}: ${name} '${text}' must be one of ${wanted}.`);
  }
}

function requireAll(
  caller: string,
  numbers: Numbers,
  range: Range,
  kind: string,
  isOfKind: (value: unknown) => boolean,
): void {
  for (const [name, given] of Object.entries(numbers)) {
    if (given === undefined) continue;
    const isFit = (value: number) => isOfKind(value) && isWithin(value, range);
    if ([given].flat().every(isFit)) continue;
    const [value, wanted] = Array.isArray(given)
      ? [`[${given.join(', ')}]`, `${kind}s`]
      : [given, `a ${kind}`];
    throw new ArgumentError(`${caller}: ${name} ${value} must be ${wanted}${inWords(range)}.`);
  }
}

function isWithin(value: number, { from, above, to, below }: Range): boolean {
  if (from !== undefined && value < from) return false;
  if (above !== undefined && value <= above) return false;
  if (to !== undefined && value > to) return false;
  return below === undefined || value < below;
}

function inWords({ from, above, to, below }: Range): string {
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  const bounds: string[] = [];
  if (from !== undefined) bounds.push(` of ${from} or more`);
  if (above !== undefined) bounds.push(` above ${above}`);
  if (to !== undefined) bounds.push(` of at most ${to}`);
  if (below !== undefined) bounds.push(` below ${below}`);
  return bounds.join(' and');
}
