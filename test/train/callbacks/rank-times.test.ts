import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { alone, type Connection } from '../../../src/distributed/connection.ts';
import { World } from '../../../src/distributed/world.ts';
import { callbacks, fit, optim } from '../../../src/index.ts';
import { RunningMeans } from '../../../src/train/running-means.ts';
import { Training } from '../../../src/train/training.ts';
import { perceptron, points } from '../small-training.ts';

const test = suite('rankTimes');

test('one rank computes, and never waits', async () => {
  const model = perceptron();
  const times = callbacks.rankTimes();
  await fit(model, points(20), {
    loss: 'crossEntropy',
    optimizer: optim.sgd(model.trainableVariables, { lr: 0.2 }),
    epochs: 2,
    batchSize: 8,
    callbacks: [times],
  });
  const [own, ...others] = times.ranks;
  assert.equal(others, []);
  assert.equal(
    [own?.rank, own?.examples, own?.waiting, own?.reducing, typeof own?.host],
    [0, 40, 0, 0, 'string'],
  );
  assert.ok((own?.computing ?? 0) > 0);
});

const { now } = performance;
test.after.each(() => {
  performance.now = now;
});

test('what a rank spends in MPI beyond the least of all it waits, step by step', async () => {
  let clock = 0; // seconds
  performance.now = () => clock * 1000;
  const other = { rank: 1, host: 'b', examples: 9, computing: 8, waiting: 1, reducing: 3 };
  const text = new TextEncoder().encode(JSON.stringify(other));
  const connection: Connection = {
    ...alone,
    size: 2,
    async allReduce(values, how) {
      if (how === 'sum') clock += values[0] ?? 0;
      else values.set(values.map((value, step) => Math.min(value, step === 0 ? 1 : 4)));
    },
    async broadcast(bytes, from) {
      if (from === 0) return;
      bytes.set(bytes.length === 8 ? new Uint8Array(Float64Array.of(text.length).buffer) : text);
    },
  };
  const model = perceptron();
  const world = new World(connection);
  const training = new Training({
    model,
    world,
    optimizer: optim.sgd(model.trainableVariables),
    epochs: 1,
    stepsPerEpoch: 2,
    examples: 20,
    batchSize: 10,
    shuffle: false,
    seed: 0,
    means: new RunningMeans([]),
    callbacks: [],
  });
  const times = callbacks.rankTimes();
  await world.allReduce(Float32Array.of(100)); // before the epoch: counts nowhere
  await times.onEpochBegin?.(training);
  for await (const batch of points(20).batch(10).epoch(0)) {
    training.batch = { ...batch, part: { from: 0, count: 5, of: 10 } };
    clock += 5;
    await world.allReduce(Float32Array.of(3));
    clock += 2;
    await times.onStepEnd?.(training, undefined);
  }
  await times.onEpochEnd?.(training, { epoch: 1, lr: 1, seconds: 1 });
  const [own, second] = times.ranks;
  assert.equal(second, other);
  assert.equal(
    { ...own, host: '' },
    // In the first step the other has waited 1 s, in the second longer than this one's 3 s.
    { rank: 0, host: '', examples: 10, computing: 14, waiting: 2, reducing: 4 },
  );
});

test.run();
