import type { nn } from 'wgrad';
import { convnet, dnn, IMAGE_SHAPE, plain, resnet } from '../../mnist/models.ts';
import { modelOf } from './layer-list.ts';
import type { ModelName } from './titles.ts';

const MAKERS: Readonly<Record<Exclude<ModelName, 'custom'>, () => nn.Layer>> = {
  dnn,
  'small-convnet': () => convnet([8, 16, 16], 32),
  convnet: () => convnet(),
  'small-resnet': () => resnet(8),
  'small-plain': () => plain(8),
  resnet: () => resnet(),
  plain: () => plain(),
};

/**
 * One of the models, built; `layers` is what 'custom' is made of.
 * @throws LayerListError where the layers are none, or do not fit
 */
export function makeModel(name: ModelName, layers: string): nn.Layer {
  if (name === 'custom') return modelOf(layers, IMAGE_SHAPE);
  return MAKERS[name]().build(IMAGE_SHAPE);
}
