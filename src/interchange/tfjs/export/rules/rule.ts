import type { Json } from '../../../keras/json.ts';
import type { LayerSettings } from '../layer-settings.ts';

/** How layers of a type are written: the class of TensorFlow.js, and how it is made. */
export interface LayerRule {
  readonly className: string;
  readonly config: (settings: LayerSettings) => Json;
}

/** Layers of that class; without a config they are made with nothing. */
export function as(
  className: string,
  config: (settings: LayerSettings) => Json = () => ({}),
): LayerRule {
  return { className, config };
}
