import type { WeightRule } from './kinds/kind.ts';
import type { Part } from './read-model.ts';

/**
 * The path in a file of a layer's weight. Paths are `layer/kernel`, or have scopes around and in between:
 * `model/lstm/lstm_cell/kernel`.
 */
export function weightPath(
  { config }: Part,
  { name, side }: WeightRule,
  paths: Iterable<string>,
): string | undefined {
  for (const path of paths) {
    const scopes = `/${path.replace(/:0$/, '')}`;
    const isOfLayer = scopes.includes(`/${config.name}/`) && scopes.endsWith(`/${name}`);
    if (isOfLayer && (!side || scopes.includes(`/${side}_`))) return path;
  }
  return undefined;
}
