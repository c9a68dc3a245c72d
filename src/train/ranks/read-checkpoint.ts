import type { World } from '../../distributed/world.ts';
import type { Safetensors } from '../../io/safetensors.ts';
import { contentsOf, type OpenFile, withOpenFile } from '../../io/safetensors-file.ts';

/** The size of a file that is not there. */
const NONE = -1;

/**
 * What a checkpoint holds, where there is one. Of several ranks the first alone need have it, and hands on what
 * it reads, piece by piece.
 * @throws CheckpointError where it cannot be read, or is not intact
 */
export async function readCheckpoint(
  file: string,
  world?: World,
): Promise<Safetensors | undefined> {
  const readTogether = async (own?: OpenFile) => {
    const told = Float64Array.of(own?.size ?? NONE);
    await world?.broadcast(told);
    const [size = NONE] = told;
    if (size === NONE) return undefined;
    return contentsOf(file, {
      size,
      async read(start, bytes) {
        await own?.read(start, bytes);
        await world?.broadcast(bytes);
      },
    });
  };
  const isHere = (world?.rank ?? 0) === 0 && (await isThere(file));
  return isHere ? withOpenFile(file, readTogether) : readTogether();
}

async function isThere(file: string): Promise<boolean> {
  const { access } = await import('node:fs/promises');
  return access(file).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
}
