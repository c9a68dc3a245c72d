// A whole training on the GPU: how long an epoch takes, and that it learns what it should.
import { convnet, IMAGE_SHAPE, resnet } from '../../../examples/mnist/models.ts';
import {
  closeDevice,
  data,
  evaluate,
  fit,
  type nn,
  optim,
  setDevice,
  setSeed,
} from '../../../src/index.ts';
import { openWgrad } from '../hardware.ts';
import type { Results } from '../results.ts';

const BATCH_SIZE = 128;

export async function run(results: Results): Promise<void> {
  const networks: Readonly<Record<string, () => nn.Layer>> = results.dry
    ? { convnet: () => convnet([2, 2, 2], 8) }
    : { convnet: () => convnet(), resnet };
  for (const [name, network] of Object.entries(networks)) {
    await results.piece(`training ${name}`, async () => {
      const digits = await digitsFor(results.dry);
      await setDevice(await openWgrad(results.dry));
      try {
        return await train(network(), digits, results.dry ? 1 : 3);
      } finally {
        closeDevice();
      }
    });
  }
}

async function train(layers: nn.Layer, digits: data.ImageDataset, epochs: number) {
  setSeed(0);
  const model = layers.build(IMAGE_SHAPE);
  const judged = { loss: 'crossEntropy', metrics: ['accuracy'] } as const;
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });
  const images = data.fromImages(digits.train);
  const epoch = async () => {
    const start = performance.now();
    await fit(model, images, { ...judged, optimizer, epochs: 1, batchSize: BATCH_SIZE });
    return (performance.now() - start) / 1e3;
  };
  const seconds: number[] = [];
  while (seconds.length < epochs) seconds.push(await epoch());
  const { loss, accuracy } = await evaluate(model, data.fromImages(digits.test), judged);
  return {
    source: digits.source,
    images: digits.train.count,
    batchSize: BATCH_SIZE,
    seconds,
    loss,
    accuracy,
  };
}

/** MNIST where it lies on this machine, else digits that are drawn. */
async function digitsFor(dry: boolean): Promise<data.ImageDataset> {
  if (dry) return data.syntheticDigits({ train: 64, test: 16, seed: 1 });
  return data.loadMnist({ mirrors: [] }).catch(() => {
    return data.syntheticDigits({ train: 12_000, test: 2_000, seed: 1 });
  });
}
