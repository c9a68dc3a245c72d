import { dtypes } from '../../kernels/dtype.ts';
import { type Cell, failed, succeeded } from '../cell.ts';
import { sliceAt } from '../storage.ts';
import { openRuntime, runtime } from './current-runtime.ts';
import { initialise } from './initialise.ts';
import { realize } from './realize.ts';

/**
 * Has the host change what cells hold, after all that was asked for before and ahead of what comes later:
 * in their own memory, where that is the host's. Tensors built from the former values are stale.
 */
export async function editCells(
  cells: readonly Cell[],
  work: (bytes: Uint8Array, cell: Cell) => Promise<void>,
): Promise<void> {
  // With a device at hand it is asked for within this very call, as all else.
  const on = openRuntime() ?? (await runtime());
  const assigned = realize([]);
  const locations = cells.map(({ location }) => location);
  const initialised = initialise(
    locations.map(({ storage }) => storage),
    on,
  );
  const edited = on.enqueue(async () => {
    for (const [i, cell] of cells.entries()) {
      const slice = sliceAt(locations[i] as Cell['location'], on.pool);
      const own = cell.size * dtypes[cell.dtype].bytes;
      await on.device.edit(slice, (bytes) => work(bytes.subarray(0, own), cell));
    }
  });
  const replacements = cells.flatMap((cell) => cell.replaced('effect'));
  try {
    await Promise.all([assigned, initialised, edited]);
  } catch (reason) {
    for (const replacement of replacements) failed(replacement, reason);
    throw reason;
  }
  for (const replacement of replacements) succeeded(replacement);
}
