import { buildModel } from '../models/registry.ts';
import { dataSets } from './data.ts';
import type { TrialSettings } from './settings.ts';

const counts = new Map<string, number>();

/** How many weights a trial's model has, as Keras counts them; nothing is trained or computed. */
export function parameterCount(settings: TrialSettings): number {
  const key = `${settings.model} on ${settings.data}`;
  const known = counts.get(key);
  if (known !== undefined) return known;
  const { parameterCount: count } = buildModel(settings).build(dataSets[settings.data].imageShape);
  counts.set(key, count);
  return count;
}
