// What each child process does: start its library, run one training step, say so, and leave.
import { trainStep } from '../cases.ts';
import type { StartPeer } from '../peers/peer.ts';

/** The line that the parent waits for; its arrival is the end of the measured time. */
export const finished = 'first step finished';

export async function firstStep(start: StartPeer): Promise<void> {
  const peer = await start();
  const prepared = await peer.prepare(trainStep('convnet', 32));
  await prepared.run();
  process.stdout.write(`${finished}\n`);
  prepared.dispose();
  await peer.dispose();
}
