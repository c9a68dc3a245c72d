// One peer in a process of its own: a library, and perhaps the checkout it comes from. It does what the bench asks and
// waits otherwise, so that libraries share neither globals nor a processor.
import { messageOf } from '../../src/cause.ts';
import { cases } from '../cases.ts';
import { parameterCounts } from '../models.ts';
import { sampleRound } from '../sampling.ts';
import { startPeer } from './list.ts';
import type { Description, Entered, Reply, Request } from './messages.ts';
import type { Peer, Prepared } from './peer.ts';

let prepared: Prepared | undefined;

process.on('disconnect', () => process.exit());
try {
  const [library = '', checkout] = process.argv.slice(2);
  const peer = await startPeer(library, checkout);
  process.on('message', (request: Request) => {
    answer(peer, request).then(
      (value) => reply({ value }),
      (error: unknown) => reply({ error: messageOf(error) }),
    );
  });
  const { version, adapter } = peer;
  reply({ value: { version, adapter } satisfies Description });
} catch (error) {
  reply({ error: messageOf(error) });
}

async function answer(peer: Peer, request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'enter':
      return enter(peer, request.case, request.warmUpSeconds);
    case 'sample':
      if (prepared === undefined) throw new Error('no case is prepared');
      return sampleRound(prepared, request.seconds);
    case 'leave':
      leave();
      return undefined;
  }
}

/**
 * Prepares a case and runs it once, the run in which kernels are compiled; then some more, as
 * engines replace their first code by better while it runs.
 */
async function enter(peer: Peer, name: string, warmUpSeconds: number): Promise<Entered> {
  leave();
  const item = cases.find((known) => known.name === name);
  if (item === undefined) throw new Error(`no case is called ${name}`);
  prepared = await peer.prepare(item);
  try {
    if (item.work.kind === 'trainStep') {
      const expected = parameterCounts[item.work.model];
      if (prepared.parameters !== expected) {
        throw new Error(`its model has ${prepared.parameters} parameters, not ${expected}`);
      }
    }
    const start = performance.now();
    const firstLoss = await prepared.run();
    const firstMs = performance.now() - start;
    while (performance.now() - start < warmUpSeconds * 1e3) await prepared.run();
    return firstLoss === undefined ? { firstMs } : { firstMs, firstLoss };
  } catch (error) {
    leave();
    throw error;
  }
}

function leave(): void {
  prepared?.dispose();
  prepared = undefined;
}

function reply(message: Reply): void {
  process.send?.(message);
}
