import { ArgumentError } from '../errors.ts';
import { namedValues } from '../tensor/structure.ts';
import type { AnyLayer } from './layer.ts';
import type { Call, Symbolics } from './symbolic.ts';

/** The layers of a graph of calls by the names that `model` promises. */
export function layerNames(
  calls: readonly Call[],
  outputs: Symbolics,
): [name: string, layer: AnyLayer][] {
  const names = new Map<AnyLayer, string>();
  const taken = new Map<string, AnyLayer>();
  const give = (layer: AnyLayer, name: string) => {
    const before = names.get(layer);
    if (before !== undefined && before !== name) {
      throw new ArgumentError(
        `model: one ${layer.type} layer is called '${before}' and '${name}'. Give it one name.`,
      );
    }
    if ((taken.get(name) ?? layer) !== layer) {
      throw new ArgumentError(
        `model: two layers are called '${name}'. Name one otherwise: apply(x, { name }).`,
      );
    }
    names.set(layer, name);
    taken.set(name, layer);
  };
  for (const { layer, name } of calls) if (name !== undefined) give(layer, name);
  for (const [name, { from }] of Array.isArray(outputs) ? [] : namedValues(outputs)) {
    const isName = name !== '' && !name.includes('.') && !taken.has(name);
    const own = calls.filter(({ layer }) => layer === from?.call.layer);
    if (isName && from?.output === '' && own.length === 1 && !names.has(from.call.layer)) {
      give(from.call.layer, name);
    }
  }
  const counts = new Map<string, number>();
  for (const { layer } of calls) {
    while (!names.has(layer)) {
      const count = counts.get(layer.type) ?? 0;
      counts.set(layer.type, count + 1);
      const name = snakeCase(layer.type) + (count ? `_${count}` : '');
      if (!taken.has(name)) give(layer, name);
    }
  }
  return [...new Set(calls.map(({ layer }) => layer))].map((layer) => [
    names.get(layer) as string,
    layer,
  ]);
}

/** What a kind of layer is called in names: `maxPool2d` → `max_pool2d`. */
export function snakeCase(type: string): string {
  return type.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
