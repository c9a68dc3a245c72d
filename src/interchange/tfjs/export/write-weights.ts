import { requireDType } from '../../../tensor/require-dtype.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { AnyVariable } from '../../../tensor/variable.ts';
import { layerKinds } from '../../keras/kinds/index.ts';
import type { WeightRule } from '../../keras/kinds/kind.ts';
import { LayerConfig } from '../../keras/layer-config.ts';
import { weightRules } from '../../keras/read-weights.ts';
import type { Node } from './graph-writer.ts';
import { layerConfig } from './write-layer.ts';

/** The weights of all layers under TensorFlow.js' names. @throws DTypeError where one is not f32. */
export function writeWeights(nodes: readonly Node[]): [name: string, value: Tensor][] {
  return nodes.flatMap((node) => {
    const { name, layer } = node;
    const kind = layerKinds.get(node.className);
    if (!kind || !layer) return [];
    const config = layerConfig(node);
    const variables = layer.namedVariables();
    return weightRules(kind, config, variables).map((rule): [string, Tensor] => {
      const side = rule.side
        ? [`${rule.side}_${new LayerConfig(config.get('layer'), config.origin).name}`]
        : [];
      return [[name, ...side, rule.name].join('/'), joined(rule, variables, config)];
    });
  });
}

function joined(
  rule: WeightRule,
  variables: ReadonlyMap<string, AnyVariable>,
  config: LayerConfig,
): Tensor {
  const values = rule.variables.flatMap((name) => variables.get(name)?.value ?? []);
  const [first, ...others] = values.map((value): Tensor => {
    requireDType('tfjs', value, ['f32']);
    return value;
  });
  return rule.join && first ? rule.join([first, ...others], config) : (first as Tensor);
}
