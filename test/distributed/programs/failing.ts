// Rank 1 does what it is told, while the others wait for it.
import { mpi } from '../../../src/distributed.ts';

const world = await mpi({ timeout: 3 });
const [how] = process.argv.slice(2);
if (how === 'leaves') {
  await world.finalize();
  const error = await world.barrier().catch((reason: Error) => reason);
  console.log(`${error}`);
  // Later than the others, whom Open MPI ends where one ends badly.
  await new Promise((resolve) => setTimeout(resolve, 500 * world.rank));
  process.exit(3 * world.rank);
}
if (world.rank === 1) {
  if (how === 'throws') throw new Error('the disk is full');
  if (how === 'exits') process.exit(3);
  if (how === 'dies') process.kill(process.pid, 'SIGKILL');
  if (how === 'aborts') world.abort(new RangeError('no such image'));
  if (how === 'sleeps') await new Promise((resolve) => setTimeout(resolve, 20_000));
}
await world.barrier();
console.log('all is well');
