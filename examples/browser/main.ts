// Trains a small network on generated digits, on the GPU or on all processors, and draws its loss.
import { crossEntropy, data, metrics, nn, openDevice, optim, setDevice, tensor } from 'wgrad';
import { drawLosses } from './loss-line.ts';

const EPOCHS = 3;
const BATCH_SIZE = 64;
/** How many steps go by between two looks at the loss. */
const LOOK_EVERY = 10;

function show(id: string, text: string): void {
  (document.getElementById(id) as HTMLElement).textContent = text;
}

async function train(): Promise<void> {
  const { device, reason } = await openDevice();
  await setDevice(device);
  show('device', `${reason}.`);

  const digits = data.syntheticDigits({ train: 6000, test: 1000, seed: 1 });
  const images = tensor(digits.train.images, [digits.train.count, 28, 28, 1]);
  const labels = tensor(digits.train.labels, [digits.train.count]);
  const layers = [nn.flatten(), nn.dense(64, { activation: 'relu' }), nn.dense(10)];
  const model = nn.sequential(layers).build([28, 28, 1]);
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });

  const losses: number[] = [];
  let step = 0;
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    for (const batch of data.batches(digits.train.count, {
      batchSize: BATCH_SIZE,
      shuffle: true,
    })) {
      const indices = tensor(batch, [batch.length]);
      const x = images.gather(indices).cast('f32').div(255);
      const loss = crossEntropy(model.forward(x, { training: true }), labels.gather(indices));
      await optimizer.step(loss);
      if (step++ % LOOK_EVERY > 0) continue;
      losses.push(await loss.item());
      drawLosses(document.getElementById('losses') as HTMLCanvasElement, losses);
      show(
        'progress',
        `Epoch ${epoch} of ${EPOCHS}, step ${step}, loss ${losses.at(-1)?.toFixed(3)}`,
      );
    }
  }

  const test = tensor(digits.test.images, [digits.test.count, 28, 28, 1]);
  const predicted = await model.forward(test.cast('f32').div(255)).argMax(1).data();
  const accuracy = metrics.accuracy(digits.test.labels, predicted);
  show(
    'progress',
    `Done: ${(100 * accuracy).toFixed(1)} % of ${digits.test.count} new digits right`,
  );
}

train().catch((error) => show('progress', String(error)));
