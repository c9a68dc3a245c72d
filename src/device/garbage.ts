import { turn } from './turn.ts';

/** Buffers of this size are fresh addresses to every allocator, never memory that was used before. */
const LUMP_BYTES = 128 * 1024 * 1024;
/** Engines collect after two to six lumps, where processors are free. */
const PROMPT_LUMPS = 6;
const MOST_LUMPS = 16;
/** Engines mark in threads of their own, which have to get a turn on a busy machine. */
const PAUSE_MS = 10;

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
  const lumps: ArrayBuffer[] = [];
  while (!witness.isGone && lumps.length < MOST_LUMPS) {
    try {
      lumps.push(new ArrayBuffer(LUMP_BYTES));
    } catch {
      // No addresses either: the engine has just tried everything to get them.
      break;
    }
    await (lumps.length <= PROMPT_LUMPS ? turn() : pause());
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
