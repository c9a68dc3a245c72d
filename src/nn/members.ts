import { ArgumentError } from '../errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';

type Entries = Iterable<readonly [key: string | number, value: unknown]>;

/**
 * The values of a kind among entries and in what those hold, by path (`steps.0.main`), each once.
 * `entriesOf` says what is looked into, and how; what is of the kind is not.
 */
export function membersOf<T>(
  entries: Entries,
  isOfKind: (value: unknown) => value is T,
  entriesOf: (value: object) => Entries,
): [path: string, member: T][] {
  const found: [string, T][] = [];
  const seen = new Set<unknown>();
  const visit = (inner: Entries, prefix: string) => {
    for (const [key, value] of inner) {
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      if (isOfKind(value)) found.push([`${prefix}${key}`, value]);
      else visit(entriesOf(value), `${prefix}${key}.`);
    }
  };
  visit(entries, '');
  return found;
}

/** What is in an array or a plain object; nothing for all else. */
export function plainEntries(value: object): Entries {
  if (Array.isArray(value)) return value.entries();
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : [];
}

/** What is in an object of any class, maps and sets included. */
export function allEntries(value: object): Entries {
  if (value instanceof Map) return value;
  if (Array.isArray(value) || value instanceof Set) return [...value].entries();
  return ArrayBuffer.isView(value) || value instanceof Tensor ? [] : Object.entries(value);
}

/**
 * Enters a variable under a name of its own.
 * @throws ArgumentError where the name is taken.
 */
export function addNamed(
  named: Map<string, AnyVariable>,
  name: string,
  variable: AnyVariable,
): void {
  if (named.has(name)) {
    throw new ArgumentError(
      `namedVariables: two variables are called '${name}'. Name them apart: new Variable(value, { name }).`,
    );
  }
  named.set(name, variable);
}
