import type { AnyLayer } from '../../../../nn/layer.ts';
import { FunctionLayer } from '../../../../nn/layers/function-layer.ts';
import { settingsOf } from '../../../../nn/settings.ts';
import { activationRule, activationRules } from './activations.ts';
import { mergingRules } from './merging.ts';
import { recurrentRules } from './recurrent.ts';
import type { LayerRule } from './rule.ts';
import { shapingRules } from './shaping.ts';
import { weightedRules } from './weighted.ts';

/** How layers are written, by their types. */
export const rules: ReadonlyMap<string, LayerRule> = new Map(
  Object.entries({
    ...activationRules,
    ...mergingRules,
    ...recurrentRules,
    ...shapingRules,
    ...weightedRules,
  }),
);

/** How a layer is written; undefined where TensorFlow.js has none like it. */
export function ruleOf(layer: AnyLayer): LayerRule | undefined {
  const settings = settingsOf(layer);
  // Of a class of one's own.
  if (!settings) return undefined;
  const isActivation = layer instanceof FunctionLayer && settings.activation !== undefined;
  return isActivation ? activationRule : rules.get(layer.type);
}
