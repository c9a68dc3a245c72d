// Trains a small network for many steps:
//   node --import tsx --import ./scripts/wgsl-loader.mjs test/soak/steps.ts [STEPS] [SEED]
// Every loss is finite, the losses of the last tenth are below half of those of the first, memory
// stays where it was, and a second training of a tenth of the steps, in the same process, has the
// bits that the first had by then. Prints one line of JSON; the exit code is 1 where anything was
// otherwise.
import { createHash } from 'node:crypto';
import { dnn, IMAGE_SHAPE } from '../../examples/mnist/models.ts';
import { data, device, losses, optim, random } from '../../src/index.ts';
import { MemorySamples, SAMPLES } from './flat.ts';
import { showProgress } from './progress.ts';

const [steps = 20_000, seed = 1] = process.argv.slice(2).map(Number);
const tenth = Math.max(1, Math.floor(steps / 10));
/** MB that memory may grow by in the second half: a step may leave no more than a few KB. */
const NOISE = 24;

const { train } = data.syntheticDigits({ train: 4096, test: 0, seed });
const memory = new MemorySamples();
const failures: string[] = [];

const first = await training(steps, async (step) => {
  showProgress('steps', step, steps);
  if (step % Math.ceil(steps / SAMPLES) === 0) await memory.take();
});
const again = await training(tenth);

const [early, late] = [mean(first.losses.slice(0, tenth)), mean(first.losses.slice(-tenth))];
const odd = first.losses.findIndex((loss) => !Number.isFinite(loss));
if (odd >= 0) failures.push(`the loss of step ${odd + 1} is ${first.losses[odd]}`);
if (!(late < early / 2)) failures.push(`the loss does not fall: ${early}, then ${late}`);
if (first.bits !== again.bits) failures.push(`another ${tenth} steps of seed ${seed} differ`);
if (!memory.areFlat(NOISE)) failures.push('memory grows');
const { kind } = await device();
const { samples, deviceMB } = memory;
const result = {
  device: kind,
  steps,
  seed,
  loss: [early, late],
  bits: again.bits,
  repeated: tenth,
};
console.log(JSON.stringify({ name: 'steps', ...result, samples, deviceMB, failures }));
process.exit(failures.length > 0 ? 1 : 0);

/** The losses of all steps, and a checksum of the weights and losses after a tenth of `steps`. */
async function training(count: number, after: (step: number) => unknown = () => {}) {
  random.seed(seed);
  const model = dnn().build(IMAGE_SHAPE);
  const optimizer = optim.adam(model.trainableVariables, { lr: 1e-3 });
  const batches = data.fromImages(train).shuffle({ seed }).batch(128);
  const found: number[] = [];
  let bits = '';
  for (let epoch = 0; found.length < count; epoch++) {
    for await (const { inputs, targets } of batches.epoch(epoch)) {
      const logits = model.forward(inputs, { training: true });
      const loss = losses.crossEntropy(logits, targets);
      await optimizer.step(loss);
      found.push(await loss.item());
      if (found.length === tenth) bits = await checksum(found, model.variables);
      await after(found.length);
      if (found.length === count) break;
    }
  }
  return { losses: found, bits };
}

async function checksum(found: number[], variables: ReturnType<typeof dnn>['variables']) {
  const hash = createHash('sha256').update(Float32Array.from(found));
  for (const variable of variables) hash.update(Float32Array.from(await variable.data()));
  return hash.digest('hex');
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
