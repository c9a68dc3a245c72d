import { OutOfMemoryError } from '../../errors.ts';
import { byteSize, toDevice } from '../../kernels/dtype.ts';
import type { Node } from '../node.ts';
import { Storage } from '../storage.ts';
import { type Capture, capture, type Effect } from './capture.ts';
import type { Runtime } from './runtime.ts';

/** Host data over this size gets device memory of its own instead of being sent with each plan. */
const RESIDENT_BYTES = 16 * 1024 * 1024;

/** What was sent to memory of which it is not known yet that it is there. */
const sent = new WeakMap<Storage, ArrayBufferView>();

/**
 * Gives host data device memory of its own, if it is over a size. Where there is none it stays on
 * the host, and goes along with the plan that uses it; where that is told later, see {@link arrival}.
 */
export function makeResident(node: Node, on: Runtime, over = RESIDENT_BYTES): void {
  const { leaf } = node;
  if (leaf?.kind !== 'host' || leaf.data.byteLength <= over) return;
  const storage = storageFor(node);
  const data = toDevice(leaf.data, node.dtype);
  try {
    on.device.write(storage.allocate(on.pool, 'host data'), data);
  } catch (error) {
    if (error instanceof OutOfMemoryError) return;
    throw error;
  }
  sent.set(storage, data);
  node.leaf = { kind: 'stored', storage };
}

/**
 * Resolves when host data is known to have memory, and was sent again where the first it had turned
 * out not to be there; undefined where nothing is in doubt.
 * @throws OutOfMemoryError where there is none. The data is kept, for the next who needs it.
 */
export function arrival(storages: Iterable<Storage>, on: Runtime): Promise<void> | undefined {
  const doubtful = [...storages].flatMap((storage) => {
    const data = sent.get(storage);
    return data ? [{ storage, data }] : [];
  });
  if (doubtful.length === 0) return undefined;
  return on
    .inMemory(async () => {
      const known = on.device.allocated();
      if (known) await known;
      const missing = doubtful.filter(({ storage }) => storage.isMissing);
      for (const { storage, data } of missing) {
        on.device.write(storage.allocate(on.pool, 'host data'), data);
      }
      if (missing.length > 0) await on.device.allocated();
    })
    .then(() => {
      for (const { storage } of doubtful) sent.delete(storage);
    });
}

/** Captures a graph, whose large host data gets memory first. */
export function captured(
  results: readonly Node[],
  effects: readonly Effect[],
  on: Runtime,
): Capture {
  return capture(results, effects, (leaf) => makeResident(leaf, on));
}

/** Memory for a node's value, which is taken when it is needed. */
export function storageFor(node: Node): Storage {
  return new Storage(byteSize(node.size, node.dtype));
}
