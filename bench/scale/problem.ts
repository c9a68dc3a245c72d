import type { World } from '../../src/distributed.ts';
import * as wgrad from '../../src/index.ts';
import { labels, uniform } from '../inputs.ts';
import { classes, imageShape, type ModelName, models } from '../models.ts';
import { sequential } from '../peers/wgrad/training.ts';

/** One of the bench's networks on the CPU device, with this rank's part of a batch of so many images for all. */
export async function problemOf(world: World, name: ModelName, batch: number) {
  await wgrad.setDevice('wasm');
  const count = batch / world.size;
  const shape = [count, ...imageShape];
  const model = sequential(wgrad, models[name]).build(imageShape);
  const images = wgrad.tensor(uniform(shape, 1, 0, 1), shape);
  const targets = wgrad.tensor(labels(count, classes, 2), [count]);
  return {
    optimizer: wgrad.optim.adam(model.variables),
    parameters: model.variables.reduce((sum, { size }) => sum + size, 0),
    loss: () => wgrad.losses.crossEntropy(model.forward(images, { training: true }), targets),
  };
}
