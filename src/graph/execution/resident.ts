import { OutOfMemoryError } from '../../errors.ts';
import { byteSize, toDevice } from '../../kernels/dtype.ts';
import type { Node } from '../node.ts';
import { Storage } from '../storage.ts';
import type { Runtime } from './runtime.ts';

/** What was sent to memory of which it is not known yet that it is there. */
const sent = new WeakMap<Storage, ArrayBufferView>();

/**
 * Gives host data device memory of its own, if it is over a size. Where there is none it stays on
 * the host, and goes along with the plan that uses it; where that is told later, see {@link arrival}.
 */
export function makeResident(node: Node, on: Runtime, over: number): void {
  const { leaf } = node;
  if (leaf?.kind !== 'host' || leaf.data.byteLength <= over) return;
  const storage = new Storage(byteSize(node.size, node.dtype));
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
