// What each rank does: trains the bench's ConvNet on its part of a batch, and sums alone, as long as it takes.
import { mpi } from '../../src/distributed.ts';
import { problemOf } from './problem.ts';

const BATCH = 128;
const [steps = 0] = process.argv.slice(2).map(Number);
const world = await mpi();
const { optimizer, parameters, loss } = await problemOf(world, 'convnet', BATCH);
const step = () => optimizer.step(loss(), { world });

/** Milliseconds of a call, and of those the ones spent in MPI: the fewest, as others on the machine add to them. */
async function timed(work: () => Promise<unknown>): Promise<{ whole: number; inMpi: number }> {
  for (let i = 0; i < 3; i++) await work();
  const [whole, inMpi]: [number[], number[]] = [[], []];
  for (let i = 0; i < steps; i++) {
    const [start, before] = [performance.now(), world.seconds];
    await work();
    whole.push(performance.now() - start);
    inMpi.push((world.seconds - before) * 1000);
  }
  return { whole: Math.min(...whole), inMpi: Math.min(...inMpi) };
}

const [one, all] = [new Float32Array(1), new Float32Array(parameters)];
const found = {
  ranks: world.size,
  parameters,
  step: await timed(step),
  empty: (await timed(() => world.allReduce(one))).whole,
  full: (await timed(() => world.allReduce(all))).whole,
};
if (world.rank === 0) console.log(JSON.stringify(found));
