// Results that grow from 1 MB to 400 MB, each disposed of before the next is asked for, and then
// stay that large.
import { zeros } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const rounds = 800;
await runFlat('growing', rounds, 1200, async (i) => {
  const megabytes = Math.min(400, 1 + i);
  const y = await zeros([megabytes * 250_000])
    .add(1)
    .realize();
  y.dispose();
});
