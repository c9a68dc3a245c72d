import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { callbacks, data, fit, io, losses, nn, optim, random } from '../../../src/index.ts';
import { RunningMeans } from '../../../src/train/running-means.ts';
import { Training } from '../../../src/train/training.ts';
import { resume } from '../../../src/train/training-state.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { type Chance, damaged, damagedJson } from './mutations.ts';
import { ScratchFile } from './scratch-file.ts';

const file = new ScratchFile('last.safetensors');
let model: nn.Layer;
let optimizer: optim.Optimizer;
let whole: Uint8Array;
let contents: io.Safetensors;
const watching = () => [
  callbacks.reduceOnPlateau({ patience: 1 }),
  callbacks.earlyStopping({ patience: 3 }),
  callbacks.inspect({ gradientSteps: 1, bins: 3 }),
  callbacks.checkpoint(file.path, { everySteps: 1 }),
];

/** Here rather than at the start, which other tests' devices may have seen. */
async function begin(): Promise<void> {
  model = nn.sequential([nn.dense(2), nn.dense(1)]).build([2]);
  optimizer = optim.adam(model.trainableVariables, { lr: 0.01 });
  const inputs = [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ];
  const examples = data.fromArrays(inputs, [[0], [1], [0], [1]]);
  const options = { loss: losses.meanSquaredError, optimizer, batchSize: 2, validation: examples };
  await fit(model, examples, { ...options, epochs: 2, callbacks: watching() });
  whole = readFileSync(file.path);
  contents = io.decodeSafetensors(whole);
}

/** Another state of the training, or other tensors, in a file that is intact. */
function otherState(chance: Chance): Uint8Array {
  const { tensors, metadata } = contents;
  const changed = new Map(tensors);
  let training = metadata.training as string;
  if (chance.below(3) > 0) {
    training = JSON.stringify(damagedJson(JSON.parse(training), chance));
  } else {
    const name = chance.pick([...tensors.keys()]);
    const other = tensors.get(chance.pick([...tensors.keys()])) as io.HostTensor;
    if (chance.below(3) === 0) changed.delete(name);
    else if (chance.below(2) === 0) changed.set(`${name}x`, other);
    else {
      const { shape, data } = tensors.get(name) as io.HostTensor;
      const words = new Int32Array(data.buffer.slice(0));
      changed.set(name, chance.below(2) === 0 ? { shape, dtype: 'i32', data: words } : other);
    }
  }
  return io.encodeSafetensors(changed, { ...metadata, training });
}

/** All that a refused checkpoint must leave as it was. */
async function state() {
  const moments = optimizer.moments().map(({ value }) => value.data());
  return {
    weights: await Promise.all([...model.namedVariables().values()].map((one) => one.data())),
    moments: await Promise.all(moments),
    steps: optimizer.steps,
    random: random.state(),
  };
}

export const trainingState: Reader = {
  name: 'training state',
  begin,
  input: (chance) => (chance.below(4) === 0 ? damaged(whole, whole, chance) : otherState(chance)),
  async read(input) {
    file.write(input);
    const means = new RunningMeans(['loss']);
    const sizes = {
      epochs: 2,
      stepsPerEpoch: 2,
      examples: 4,
      batchSize: 2,
      shuffle: true,
      seed: 0,
    };
    const training = new Training({ model, optimizer, means, callbacks: watching(), ...sizes });
    const before = await state();
    try {
      await resume(file.path, training);
    } catch (error) {
      assert.deepEqual(await state(), before);
      assert.deepEqual([training.epoch, training.step, training.history.epochs], [0, 0, []]);
      throw error;
    }
    assert.ok(training.step <= training.stepsPerEpoch && optimizer.steps >= 0);
    await state();
  },
};

await asProgram(import.meta, trainingState);
