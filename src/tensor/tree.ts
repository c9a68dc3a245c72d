import { isPlain } from '../graph/execution/plan-key.ts';

/** Makes a copy of a value in which the leaves that lie in arrays and plain objects are others. */
export function mapTree(value: unknown, replace: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => mapTree(one, replace));
  if (!isPlain(value)) return replace(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, mapTree(one, replace)]),
  );
}
