import { io, type nn } from 'wgrad';
import type { Settings } from '../settings/settings.ts';

/** A model's weights as a file of safetensors, which says what model it is. */
export async function encodeWeights(model: nn.Layer, settings: Settings): Promise<Blob> {
  const { model: name, layers } = settings;
  const metadata = { model: name, ...(name === 'custom' && { layers }) };
  const bytes = io.encodeSafetensors(await io.weightsOf(model), metadata);
  return new Blob([new Uint8Array(bytes)]);
}

/**
 * Gives a model the weights of such a file, or of one of Node's.
 * @throws CheckpointError where it is damaged, or of another model
 */
export async function decodeWeights(model: nn.Layer, file: File): Promise<void> {
  const { tensors } = io.decodeSafetensors(new Uint8Array(await file.arrayBuffer()), file.name);
  await io.setWeights(model, tensors, { source: file.name });
}
