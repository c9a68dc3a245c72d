// One library in a process of its own: sends, for each work it is asked about, its kernels or why it
// has none.
import { messageOf } from '../../src/cause.ts';
import { startPeer } from '../peers/list.ts';
import { groupLaunches } from './kernels.ts';
import { installWatchedGpu } from './watched-dawn.ts';
import { works } from './works.ts';

process.on('disconnect', () => process.exit());
const [library = ''] = process.argv.slice(2);
try {
  const take = installWatchedGpu();
  const peer = await startPeer(`${library}-webgpu`);
  process.on('message', (name: string) => {
    kernelsOf(name).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: messageOf(error) }),
    );
  });
  process.send?.({ value: peer.version });

  async function kernelsOf(name: string) {
    const work = works.find((known) => known.name === name);
    if (work === undefined || !('case' in work)) throw new Error(`no such work: ${name}`);
    const prepared = await peer.prepare(work.case);
    try {
      // The first run draws weights and lays data out.
      await prepared.run();
      take();
      await prepared.run();
      return groupLaunches(take());
    } finally {
      prepared.dispose();
    }
  }
} catch (error) {
  process.send?.({ error: messageOf(error) });
}
