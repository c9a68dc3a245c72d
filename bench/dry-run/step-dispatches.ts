// The dispatches of one training step on a GPU that need not be there.
import { resnet50 } from '../../experiments/models/cifar10/resnet50.ts';
import type { DeviceLimits } from '../../src/device/device.ts';
import * as wgrad from '../../src/index.ts';
import { labels, uniform } from '../inputs.ts';
import { type ModelName, models } from '../models.ts';
import { prepareTrainStep } from '../peers/wgrad/training.ts';
import { DryDevice, type DryDispatch } from './dry-device.ts';
import { h100 } from './gpus.ts';

export type StepModel = ModelName | 'resnet50';

export const stepModels: readonly StepModel[] = [
  ...(Object.keys(models) as ModelName[]),
  'resnet50',
];

/** Those of a step like all later ones: forward, gradients and Adam's update. */
export async function stepDispatches(
  model: StepModel,
  batch: number,
  limits: DeviceLimits = h100,
): Promise<DryDispatch[]> {
  const device = new DryDevice('a GPU that is not there', limits);
  await wgrad.setDevice(device);
  try {
    const run = model === 'resnet50' ? resnet50Step(batch) : mnistStep(device, model, batch);
    // The first step draws the weights as well.
    await run();
    device.take();
    await run();
    return device.take();
  } finally {
    wgrad.closeDevice();
  }
}

function mnistStep(device: DryDevice, model: ModelName, batch: number): () => Promise<unknown> {
  const step = { kind: 'trainStep', model, batch, learningRate: 1e-3 } as const;
  return prepareTrainStep(wgrad, device, step).run;
}

/** On images of CIFAR-10. */
function resnet50Step(batch: number): () => Promise<unknown> {
  const image = [32, 32, 3];
  const model = resnet50().build(image);
  const optimizer = wgrad.optim.adam(model.trainableVariables, { lr: 1e-3 });
  const images = wgrad.tensor(uniform([batch, ...image], 1, 0, 1), [batch, ...image]);
  const target = wgrad.tensor(labels(batch, 10, 2), [batch]);
  return async () => {
    const loss = wgrad.crossEntropy(model.forward(images, { training: true }), target);
    await optimizer.step(loss);
  };
}
