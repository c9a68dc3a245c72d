// What each of two hosts does: trains on its part of a batch by turns with the gradients summed up when all are there,
// and beside the backward pass. In functions that are compiled, as fit has them.
import { mpi } from '../../src/distributed.ts';
import * as wgrad from '../../src/index.ts';
import { labels, uniform } from '../inputs.ts';
import { classes, imageShape, type ModelName, models } from '../models.ts';
import { sequential } from '../peers/wgrad/training.ts';
import { spread } from '../statistics.ts';

const WARMUPS = 3;
const [name, batch, steps] = process.argv.slice(2) as [ModelName, string, string];
const world = await mpi();
await wgrad.setDevice('wasm');
const count = Number(batch) / world.size;
const shape = [count, ...imageShape];
const model = sequential(wgrad, models[name]).build(imageShape);
const optimizer = wgrad.optim.adam(model.variables);
const images = wgrad.tensor(uniform(shape, 1, 0, 1), shape);
const targets = wgrad.tensor(labels(count, classes, 2), [count]);
const stepBy = (options: { readonly world?: typeof world }) => {
  const accumulate = wgrad.compile(() => {
    const outputs = model.forward(images, { training: true });
    optimizer.accumulate(wgrad.losses.crossEntropy(outputs, targets), options);
  });
  const step = wgrad.compile(() => {
    optimizer.step();
  });
  const times: { whole: number; inMpi: number }[] = [];
  const take = async () => {
    await world.barrier();
    const [start, before] = [performance.now(), world.seconds];
    await accumulate();
    await optimizer.average(world);
    await step();
    times.push({
      whole: performance.now() - start,
      inMpi: (world.seconds - before) * 1000,
    });
  };
  return { times, take };
};

const [atTheEnd, beside] = [stepBy({}), stepBy({ world })];
for (let i = 0; i < Number(steps) + WARMUPS; i++)
  for (const { take } of [atTheEnd, beside]) await take();
const found = [atTheEnd, beside].map(({ times }) => {
  const taken = times.slice(WARMUPS);
  return {
    whole: spread(taken.map(({ whole }) => whole)),
    inMpi: spread(taken.map(({ inMpi }) => inMpi)).median,
  };
});
const parameters = model.variables.reduce((sum, { size }) => sum + size, 0);
if (world.rank === 0) console.log(JSON.stringify({ parameters, found }));
