import type { World } from '../../distributed/world.ts';
import { DistributedError } from '../../errors.ts';

/**
 * Holds the ranks to the same facts about what they are about to do: else they would wait for each other
 * for ever, or come to different weights.
 * @throws DistributedError, on every rank, that names the first fact that is not the same, and the ranks
 */
export async function requireAgreement(
  world: World,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  const all: Readonly<Record<string, unknown>>[] = [];
  for (let rank = 0; rank < world.size; rank++) {
    all.push(JSON.parse(await shared(world, JSON.stringify(facts), rank)));
  }
  const [first = {}] = all;
  all.forEach((others, rank) => {
    for (const name of new Set([...Object.keys(first), ...Object.keys(others)])) {
      const [one, other] = [first, others].map((own) => JSON.stringify(own[name]) ?? 'none');
      if (one === other) continue;
      throw new DistributedError(
        `The ranks disagree about ${name}: rank 0 has ${one}, rank ${rank} has ${other}. ` +
          'Start the same program with the same options and the same data on all of them.',
      );
    }
  });
}

/** Whether it is so on any rank. */
export async function onAny(world: World, own: boolean): Promise<boolean> {
  const any = Int32Array.of(own ? 1 : 0);
  await world.allReduce(any, 'max');
  return any[0] === 1;
}

/** The text of one rank, on all of them. */
export async function shared(world: World, text: string, from = 0): Promise<string> {
  const own = new TextEncoder().encode(text);
  const length = Float64Array.of(own.length);
  await world.broadcast(length, from);
  const bytes = world.rank === from ? own : new Uint8Array(length[0] as number);
  await world.broadcast(bytes, from);
  return new TextDecoder().decode(bytes);
}
