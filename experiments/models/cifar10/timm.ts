import { io, type nn } from 'wgrad';
import { timmName } from './timm-names.ts';

/**
 * Gives the backbone of a ResNet-50, built by `resnet50({ convention: 'pytorch' })`, the weights of a
 * safetensors file with PyTorch's or timm's names and layout. What comes behind the backbone keeps
 * its fresh weights, and so does a classifier in the file.
 *
 * @throws CheckpointError where the file lacks a weight or one has another shape
 * @throws ArgumentError for another model
 */
export async function importTimm(model: nn.Layer, file: string): Promise<void> {
  const backbone = model.namedLayers().get('layers.0') ?? model;
  const { tensors } = await io.readSafetensors(file);
  const own = new Map([...tensors].filter(([name]) => !name.startsWith('fc.')));
  await io.importPytorch(backbone, own, { rename: timmName, source: file });
}
