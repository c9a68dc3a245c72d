import { ArgumentError, io, type nn } from '../../src/index.ts';
import { timmName } from './timm-names.ts';

/**
 * Gives the backbone of a ResNet-50 (`resnet50({ halvesIn: '3x3' })`) the weights of a safetensors
 * file with PyTorch's or timm's names and layout. What comes behind the backbone keeps its fresh
 * weights, and so does a classifier in the file.
 *
 * Throws `CheckpointError` where the file lacks a weight or one has another shape.
 */
export async function importTimm(model: nn.Layer, file: string): Promise<void> {
  const [backbone] = model.children;
  if (!backbone || backbone.children.length === 0) {
    throw new ArgumentError(
      `${file} has the weights of a ResNet-50, which this model is not: use cifar10/resnet50.`,
    );
  }
  const { tensors } = await io.readSafetensors(file);
  const own = new Map([...tensors].filter(([name]) => !name.startsWith('fc.')));
  await io.importPytorch(backbone, own, { rename: timmName, source: file });
}
