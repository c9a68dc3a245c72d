import { nn, zeros } from 'wgrad';
import { IMAGE_SHAPE } from '../../mnist/models.ts';
import type { LayerFacts, ModelFacts } from '../protocol.ts';

/** A model's layers in the order in which they compute, for images of MNIST's shape. */
export function factsOf(model: nn.Layer): ModelFacts {
  const layers: LayerFacts[] = [];
  const image = zeros([1, ...IMAGE_SHAPE]);
  nn.traceLayers(model, image, { training: false }, (layer, path, _, output, depth) => {
    if (path === '' || !('shape' in output)) return;
    const shape = [...(output.shape as readonly number[])].slice(1);
    const parameters = layer.ownVariables.reduce((sum, { size }) => sum + size, 0);
    layers.push({ path, type: layer.type, depth, shape, parameters });
  });
  return { layers, parameters: model.parameterCount };
}
