import { crossEntropy, data, nn, optim, random, tensor } from '../../src/index.ts';

const STEPS = 4;
const BATCH = 32;

/** Trains a small convolutional network for a few steps; returns their losses. */
export async function train(): Promise<number[]> {
  random.seed(1);
  const { train: digits } = data.syntheticDigits({ train: STEPS * BATCH, test: 1, seed: 1 });
  const images = tensor(digits.images, [digits.count, 28, 28, 1]);
  const labels = tensor(digits.labels, [digits.count]);
  const model = nn
    .sequential([
      nn.conv2d(8, 3, { activation: 'relu' }),
      nn.maxPool2d(2),
      nn.conv2d(16, 3, { activation: 'relu' }),
      nn.flatten(),
      nn.dense(10),
    ])
    .build([28, 28, 1]);
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const indices = tensor(
      Int32Array.from({ length: BATCH }, (_, i) => step * BATCH + i),
      [BATCH],
    );
    const x = images.gather(indices).cast('f32').div(255);
    const loss = crossEntropy(model.forward(x, { training: true }), labels.gather(indices));
    await optimizer.step(loss);
    losses.push(await loss.item());
  }
  return losses;
}
