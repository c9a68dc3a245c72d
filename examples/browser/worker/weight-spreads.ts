import { data, grad, losses, type nn, realize } from 'wgrad';
import type { WeightSpreads } from '../protocol.ts';
import { spreadOf } from './histogram.ts';

/** The same images for each model, so that gradients can be compared. */
const IMAGES = 64;

/**
 * How weights are spread, and the gradients by them of the loss on the first training images. Dropout
 * drops nothing here, and batch norm uses its running statistics, so that looking changes nothing.
 */
export async function weightSpreads(
  model: nn.Layer,
  train: data.LabelledImages,
): Promise<WeightSpreads[]> {
  const named = [...model.namedVariables()].filter(([, { trainable }]) => trainable);
  const variables = named.map(([, variable]) => variable);
  const [batch] = await firstOf(data.fromImages(train).batch(IMAGES));
  if (!batch) return [];
  const gradients = grad(
    losses.crossEntropy(model.forward(batch.inputs), batch.targets),
    variables,
  );
  const values = variables.map(({ value }) => value);
  const [, ...read] = await Promise.all([
    realize(...gradients, ...values),
    ...gradients.map((gradient) => gradient.data()),
    ...values.map((value) => value.data()),
  ]);
  return named.map(([name], i) => ({
    name,
    gradient: spreadOf(read[i] ?? []),
    weight: spreadOf(read[named.length + i] ?? []),
  }));
}

async function firstOf(batches: data.BatchedDataset): Promise<data.Batch[]> {
  for await (const batch of batches.epoch(0)) return [batch];
  return [];
}
