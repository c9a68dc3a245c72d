// A training that was stopped on the way goes on from its checkpoint, and ends with the same
// weights, bit for bit, as one that was not.
//   npm run example examples/resume.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callbacks, data, fit, losses, nn, optim, random } from 'wgrad';

const { train: digits } = data.syntheticDigits({ train: 1000, test: 0, seed: 1 });

/** Trains for four epochs, or for what is left of them where `file` has a checkpoint. */
async function train(file: string, stopAtStep?: number) {
  random.seed(1); // first weights and dropout: a new process begins like this one
  const hidden = nn.dense(32, { activation: 'relu' });
  const model = nn.sequential([nn.flatten(), hidden, nn.dropout(0.2), nn.dense(10)]);
  model.build([28, 28, 1]);

  // What Ctrl-C would do: process.once('SIGINT', () => stopping.abort());
  const stopping = new AbortController();
  let step = 0;
  const stop: callbacks.Callback = {
    name: 'stop',
    onStepEnd: () => {
      if (++step === stopAtStep) stopping.abort();
    },
  };

  const { ending, epochs } = await fit(model, data.fromImages(digits), {
    loss: losses.crossEntropy,
    optimizer: optim.adam(model.trainableVariables, { lr: 1e-3 }),
    epochs: 4,
    signal: stopping.signal,
    resume: file,
    callbacks: [stop, callbacks.checkpoint(file, { everySteps: 10 })],
  });
  console.log(`${ending.kind} after ${step} steps; whole epochs so far: ${epochs.length}`);
  return Promise.all(model.trainableVariables.map((variable) => variable.data()));
}

const folder = await mkdtemp(join(tmpdir(), 'wgrad-resume-'));
const whole = await train(join(folder, 'whole.safetensors'));
await train(join(folder, 'parts.safetensors'), 75);
const resumed = await train(join(folder, 'parts.safetensors'));
await rm(folder, { recursive: true });

const isSame = whole.every((weights, i) => weights.every((w, j) => w === resumed[i]?.[j]));
console.log(`the same weights: ${isSame}`);
