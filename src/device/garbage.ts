import { turn } from './turn.ts';

/** Buffers of this size are fresh addresses to every allocator, never memory that was used before. */
const LUMP_BYTES = 128 * 1024 * 1024;
/** Engines collect after two to six lumps, where processors are free. */
const PROMPT_LUMPS = 6;
const MOST_LUMPS = 16;
/**
 * Engines mark in threads and tasks of their own, which have to get their turns: about a millisecond
 * for each MB that the program holds.
 */
const PAUSE_MS = 10;
const MOST_PAUSES = 300;
const MOST_ROUNDS = 6;

/** Calls what was registered with an object once that is collected. */
export const collected = new FinalizationRegistry<() => void>((action) => action());

/**
 * Has the engine collect garbage, and resolves when what was registered with {@link collected} has
 * been told. To the engine a tensor is a few small objects, so that it sees no reason to look for
 * those that nobody holds any more, whatever they keep on the device. It does count the bytes of
 * array buffers, though; and those that nobody writes to take addresses, no memory.
 */
export async function collectGarbage(): Promise<void> {
  const witness = { isGone: false };
  watch(witness);
  // A collection that is under way already keeps what is new: the next one wants lumps of its own.
  for (let round = 0; round < MOST_ROUNDS && !witness.isGone; round++) await askFor(witness);
}

/** Has the engine begin a collection, and waits until `witness` is gone or too long. */
async function askFor(witness: { readonly isGone: boolean }): Promise<void> {
  const lumps: ArrayBuffer[] = [];
  for (let pauses = 0; !witness.isGone && pauses < MOST_PAUSES; ) {
    // No addresses either: the engine has just tried everything to get them.
    if (lumps.length < MOST_LUMPS && !addLump(lumps)) break;
    if (lumps.length <= PROMPT_LUMPS) await turn();
    else {
      await pause();
      pauses++;
    }
  }
}

/** Whether there were addresses for one lump more. */
function addLump(lumps: ArrayBuffer[]): boolean {
  try {
    lumps.push(new ArrayBuffer(LUMP_BYTES));
    return true;
  } catch {
    return false;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** Tells `witness` when an object that is garbage from the start has been collected. */
function watch(witness: { isGone: boolean }): void {
  collected.register({}, () => {
    witness.isGone = true;
  });
}
