// Results that grow from 1 MB to 400 MB, each disposed of before the next is asked for, and then
// stay that large.
import { device, zeros } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const rounds = 800;
/** Or as much as a kernel may be given at once. */
const most = Math.min(400, Math.floor((await device()).limits.maxBindingBytes / 1e6));
await runFlat('growing', rounds, 1200, async (i) => {
  const megabytes = Math.min(most, 1 + i);
  const y = await zeros([megabytes * 250_000])
    .add(1)
    .realize();
  y.dispose();
});
