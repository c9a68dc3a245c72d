import type { AnyLayer } from '../../../nn/layer.ts';
import { layerKinds } from '../../keras/kinds/index.ts';
import { weightsOf } from '../../keras/kinds/kind.ts';
import { LayerConfig } from '../../keras/layer-config.ts';
import { LayerSettings, type WrittenLayer } from './layer-settings.ts';
import { ruleOf } from './rules/index.ts';

/**
 * A layer as the format has it.
 * @throws ArgumentError where TensorFlow.js has none like it, naming it by its path.
 */
export function writeLayer(layer: AnyLayer, path: string, name: string): WrittenLayer {
  const settings = new LayerSettings(layer, path, writeLayer);
  const rule = ruleOf(layer);
  if (!rule) {
    throw settings.refused(
      'has no counterpart in TensorFlow.js',
      'Make it of other layers, or write the model by onnx.save.',
    );
  }
  const { className } = rule;
  const config = { name, trainable: layer.trainable, ...rule.config(settings) };
  const kind = layerKinds.get(className);
  const isBuilt = layer.variables.length > 0;
  if (kind && !isBuilt && weightsOf(kind, layerConfig({ className, config })).length > 0) {
    throw settings.refused('has no weights yet', 'Call model.build(inputShape) first.');
  }
  return { className, config };
}

/** What was written as the reader of it sees it, who knows its weights. */
export function layerConfig({ className, config }: WrittenLayer): LayerConfig {
  return new LayerConfig({ class_name: className, config }, { source: 'tfjs', keras: 2 });
}
