// What each child process does: start its library, run one training step, say so, and leave.
import { trainStep } from '../cases.ts';
import type { ModelName } from '../models.ts';
import { startPeer } from '../peers/list.ts';
import { finished } from './finished.ts';

const [name = '', model] = process.argv.slice(2);
const peer = await startPeer(name);
const prepared = await peer.prepare(trainStep(model as ModelName, 32));
await prepared.run();
process.stdout.write(`${finished}\n`);
prepared.dispose();
await peer.dispose();
