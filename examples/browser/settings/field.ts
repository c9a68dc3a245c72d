/** A value read from a text, or why the text is none. */
export type Reading<T> = { readonly value: T } | { readonly fault: string };

export interface Field<T> {
  readonly standard: T;
  read(text: string): Reading<T>;
}

/** One of the names that have a title. */
export function choice<Name extends string>(
  titles: Readonly<Record<Name, string>>,
  standard: Name,
): Field<Name> {
  const isName = (name: string): name is Name => Object.hasOwn(titles, name);
  const fault = `must be one of ${Object.keys(titles).join(', ')}`;
  return { standard, read: (text) => (isName(text) ? { value: text } : { fault }) };
}

export function text(standard: string): Field<string> {
  return { standard, read: (value) => ({ value }) };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

export function whole({ from, to, standard }: Range & { standard: number }): Field<number> {
  const fault = `must be a whole number from ${from} to ${to}`;
  const isRight = (value: number) => Number.isInteger(value) && value >= from && value <= to;
  return { standard, read: (text) => readNumber(text, isRight, fault) };
}

export function number({
  above,
  to,
}: {
  above: number;
  to: number;
}): Omit<Field<number>, 'standard'> {
  const fault = `must be a number above ${above}, at most ${to}`;
  return { read: (text) => readNumber(text, (value) => value > above && value <= to, fault) };
}

/** Undefined where the text is empty. */
export function optional<T>({ read }: Pick<Field<T>, 'read'>): Field<T | undefined> {
  return {
    standard: undefined,
    read: (text) => (text.trim() === '' ? { value: undefined } : read(text)),
  };
}

function readNumber(
  text: string,
  isRight: (value: number) => boolean,
  fault: string,
): Reading<number> {
  const value = Number(text);
  return text.trim() !== '' && isRight(value) ? { value } : { fault };
}
