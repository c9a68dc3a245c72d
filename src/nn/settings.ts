import type { AnyLayer } from './layer.ts';

/** What a layer was made with, by the names of its function's arguments and options. */
export type Settings = Readonly<Record<string, unknown>>;

// Beside the layers: in them they would count among the parts, and a class of one's own may have
// properties of any name.
const all = new WeakMap<AnyLayer, Settings>();

/** Notes what a layer was made with, for whoever writes it in another program's format. */
export function noteSettings(layer: AnyLayer, settings: Settings): void {
  all.set(layer, settings);
}

/** What a layer was made with; undefined for one of a class of one's own. */
export function settingsOf(layer: AnyLayer): Settings | undefined {
  return all.get(layer);
}
