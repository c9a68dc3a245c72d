import { inWords, requireList } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { Layer } from '../layer.ts';

/** @throws ArgumentError where something is no layer, as a function that has not been called. */
export function requireLayers(
  name: string,
  layers: readonly unknown[],
): asserts layers is readonly Layer[] {
  requireList(name, layers, 'layers, such as [nn.flatten(), nn.dense(10)]');
  for (const [i, layer] of layers.entries()) {
    if (layer instanceof Layer) continue;
    const remedy = typeof layer === 'function' ? ' Call it, as in nn.relu().' : '';
    throw new ArgumentError(`${name}: layer ${i} is no layer but ${inWords(layer)}.${remedy}`);
  }
}
