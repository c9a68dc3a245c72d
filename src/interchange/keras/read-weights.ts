import type { HostTensor } from '../../io/host-tensor.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { AnyVariable } from '../../tensor/variable.ts';
import { type LayerKind, type WeightRule, weightsOf } from './kinds/kind.ts';
import type { LayerConfig } from './layer-config.ts';
import type { Part } from './read-model.ts';

/**
 * What a file has for a weight of a layer; undefined where it has none.
 * @param place its number among the layer's weights or, of a bidirectional one, among its side's.
 */
export type FindWeight = (part: Part, rule: WeightRule, place: number) => HostTensor | undefined;

/**
 * Gives the variables of all layers what the file has for them; all or, where an error is thrown, none.
 * @throws CheckpointError where a weight is missing or has another shape, naming layer and weight.
 */
export function readWeights(parts: readonly Part[], find: FindWeight): void {
  const assignments = parts.flatMap((part) => {
    const { config, kind, layer } = part;
    const variables = layer.namedVariables();
    const rules = weightRules(kind, config, variables);
    return rules.flatMap((rule) => {
      const place = rules.filter(({ side }) => side === rule.side).indexOf(rule);
      return assignmentsOf(part, rule, variables, find(part, rule, place));
    });
  });
  for (const { variable, value } of assignments) variable.assign(value);
}

/** The weights that a layer of that config has, in Keras' order, of those of its kind. */
export function weightRules(
  kind: LayerKind,
  config: LayerConfig,
  variables: ReadonlyMap<string, AnyVariable>,
): WeightRule[] {
  return weightsOf(kind, config).filter(
    (rule) =>
      // A layer without a bias has no variable for it.
      rule.variables.some((name) => variables.has(name)) &&
      (rule.setting === undefined || config.flag(rule.setting, true)),
  );
}

function assignmentsOf(
  part: Part,
  rule: WeightRule,
  variables: ReadonlyMap<string, AnyVariable>,
  found: HostTensor | undefined,
): { variable: AnyVariable; value: AnyTensor }[] {
  if (!found)
    throw part.config.refused(`has no weight '${rule.name}' in the file`, 'Save it whole.');
  const value = tensor(found.data, found.shape, { dtype: found.dtype });
  const values = rule.split ? rule.split(value) : [value];
  return rule.variables.map((name, i) => {
    const [variable, its] = [variables.get(name), values[i]];
    if (variable && its && sameShape(variable.shape, its.shape)) return { variable, value: its };
    throw part.config.refused(
      `has the weight '${rule.name}' [${found.shape}], and [${variable?.shape}] is wanted`,
      'The file is damaged, or the input has another shape.',
    );
  });
}
