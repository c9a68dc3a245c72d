import { isPlain } from '../graph/execution/plan-key.ts';
import { requireTensor } from './require-dtype.ts';
import { type AnyTensor, Tensor } from './tensor.ts';

/** One value, several in an array, or several under names. */
export type Structure<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** What a model takes or gives: a tensor, several in an array, or several under names. */
export type Tensors = Structure<AnyTensor>;

/** The same arrangement with `T` for each tensor. */
export type Arranged<S, T> = S extends AnyTensor ? T : { readonly [K in keyof S]: T };

/** The values of a structure by name: a key, an index, or `''` for one value alone. */
export function namedValues<T extends object>(structure: Structure<T>): [name: string, value: T][] {
  if (isList(structure)) return structure.map((value, i) => [String(i), value]);
  return isRecord(structure) ? Object.entries(structure) : [['', structure]];
}

/** The values of a structure. */
export function valuesOf<T extends object>(structure: Structure<T>): T[] {
  return namedValues(structure).map(([, value]) => value);
}

/** The same arrangement of other values. */
export function mapStructure<T extends object, R>(
  structure: Structure<T>,
  change: (value: T, name: string) => R,
): Structure<R> {
  if (isList(structure)) return structure.map((value, i) => change(value, String(i)));
  if (!isRecord(structure)) return change(structure, '');
  const entries = Object.entries(structure);
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name)]));
}

/** The value of that name in a structure of values by name. */
export function valueAt<T>(structure: Structure<T>, name: string): T | undefined {
  if (name === '') return isSeveral(structure) ? undefined : structure;
  if (isList(structure)) return structure[Number(name)];
  return isRecord(structure) && Object.hasOwn(structure, name) ? structure[name] : undefined;
}

/** Whether it is an array or a record, and no value alone. */
export function isSeveral<T>(
  structure: Structure<T>,
): structure is readonly T[] | Readonly<Record<string, T>> {
  return isList(structure) || isRecord(structure);
}

/** @throws ArgumentError where it is no tensor, and no array or plain object of tensors. */
export function requireTensors(caller: string, x: unknown): asserts x is Tensors {
  const parts = Array.isArray(x) ? [...x.entries()] : isPlain(x) ? Object.entries(x) : [];
  if (!parts.some(([, part]) => part instanceof Tensor)) requireTensor(caller, x);
  for (const [name, part] of parts) requireTensor(`${caller}: '${name}'`, part);
}

/** Whether it is a tensor, or an array or plain object of some. */
export function isTensors(x: unknown): x is Tensors {
  const parts = Array.isArray(x) || isPlain(x) ? Object.values(x) : [x];
  return parts.length > 0 && parts.every((part) => part instanceof Tensor);
}

function isList<T>(structure: Structure<T>): structure is readonly T[] {
  return Array.isArray(structure);
}

function isRecord<T>(structure: Structure<T>): structure is Readonly<Record<string, T>> {
  return isPlain(structure);
}
