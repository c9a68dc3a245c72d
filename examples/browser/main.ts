// Trains a small network on generated digits, on the GPU or on all processors, and draws its loss.
import { data, evaluate, losses, nn, openDevice, optim, setDevice } from 'wgrad';

const EPOCHS = 3;
/** How many steps go by between two looks at the loss: each waits for the device. */
const LOOK_EVERY = 10;

async function train(): Promise<void> {
  const { device, reason } = await openDevice();
  await setDevice(device);
  show('device', `${reason}.`);

  const digits = data.syntheticDigits({ train: 6000, test: 1000, seed: 1 });
  const batches = data.fromImages(digits.train).shuffle().batch(64);
  const layers = [nn.flatten(), nn.dense(64, { activation: 'relu' }), nn.dense(10)];
  const model = nn.sequential(layers).build([28, 28, 1]);
  const optimizer = optim.adam(model.variables, { lr: 1e-3 });

  const seen: number[] = [];
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for await (const { inputs, targets } of batches.epoch(epoch)) {
      const loss = losses.crossEntropy(model.forward(inputs, { training: true }), targets);
      await optimizer.step(loss);
      if (step++ % LOOK_EVERY > 0) continue;
      const value = await loss.item();
      seen.push(value);
      draw(seen);
      show('progress', `Epoch ${epoch + 1} of ${EPOCHS}, step ${step}, loss ${value.toFixed(3)}`);
    }
  }

  const judged = { loss: losses.crossEntropy, metrics: ['accuracy'] } as const;
  const { accuracy = 0 } = await evaluate(model, data.fromImages(digits.test), judged);
  const percent = (100 * accuracy).toFixed(1);
  show('progress', `Done: ${percent} % of ${digits.test.count} new digits right`);
}

function show(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}

/** Draws values as a line over the whole canvas, from 0 at its bottom to the largest. */
function draw(values: readonly number[]): void {
  const canvas = document.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return;
  const { width, height } = canvas;
  const largest = Math.max(...values, Number.MIN_VALUE);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 3;
  context.strokeStyle = 'royalblue';
  context.beginPath();
  values.forEach((value, i) => {
    context.lineTo((i / Math.max(1, values.length - 1)) * width, (1 - value / largest) * height);
  });
  context.stroke();
}

train().catch((error) => show('progress', String(error)));
