// What each of two hosts does: trains on its part of a batch by turns with the gradients summed up when all are there,
// and beside the backward pass. In functions that are compiled, as fit has them.
import { mpi } from '../../src/distributed.ts';
import { compile } from '../../src/index.ts';
import type { ModelName } from '../models.ts';
import { spread } from '../statistics.ts';
import { problemOf } from './problem.ts';

const WARMUPS = 3;
const [name, batch, steps] = process.argv.slice(2) as [ModelName, string, string];
const world = await mpi();
const { optimizer, parameters, loss } = await problemOf(world, name, Number(batch));
const stepBy = (options: { readonly world?: typeof world }) => {
  const accumulate = compile(() => {
    optimizer.accumulate(loss(), options);
  });
  const step = compile(() => {
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
if (world.rank === 0) console.log(JSON.stringify({ parameters, found }));
