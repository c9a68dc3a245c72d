// Training steps of the models, on whichever device is set.
import { resnet50 } from '../../experiments/models/cifar10/resnet50.ts';
import * as wgrad from '../../src/index.ts';
import { labels, uniform } from '../inputs.ts';
import { type ModelName, models } from '../models.ts';
import { trainStep } from '../peers/wgrad/training.ts';

export type StepModel = ModelName | 'resnet50';

export const stepModels: readonly StepModel[] = [
  ...(Object.keys(models) as ModelName[]),
  'resnet50',
];

/** Forward, gradients and Adam's update on a batch that stays on the device; the loss is not read. */
export function stepOf(model: StepModel, batch: number): () => Promise<wgrad.Tensor> {
  if (model === 'resnet50') return resnet50Step(batch);
  return trainStep(wgrad, { kind: 'trainStep', model, batch, learningRate: 1e-3, compiled: false })
    .step;
}

/** On images of CIFAR-10. */
function resnet50Step(batch: number): () => Promise<wgrad.Tensor> {
  const image = [32, 32, 3];
  wgrad.setSeed(0);
  const model = resnet50().build(image);
  const optimizer = wgrad.optim.adam(model.trainableVariables, { lr: 1e-3 });
  const images = wgrad.tensor(uniform([batch, ...image], 1, 0, 1), [batch, ...image]);
  const target = wgrad.tensor(labels(batch, 10, 2), [batch]);
  return async () => {
    const loss = wgrad.crossEntropy(model.forward(images, { training: true }), target);
    await optimizer.step(loss);
    return loss;
  };
}
