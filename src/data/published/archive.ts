import { messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';
import { writeAtomically } from '../../files/atomic-file.ts';
import { readMaybeGzip } from '../files/maybe-gzip.ts';
import { DownloadError } from './partial-file.ts';
import { readTar } from './tar.ts';

/** The most that an archive, or a file out of one, unpacks to: CIFAR-10's has 184 MB. */
export const ARCHIVE_BYTES = 2 ** 28;

/**
 * Puts files of a gzip-compressed tar archive beside it, whatever folders they are in there, and
 * removes the archive. Node only.
 *
 * @throws DataError where the archive is wrong or lacks one, and DownloadError where the folder
 * cannot take them.
 */
export async function unpackFiles(
  folder: string,
  archive: string,
  names: readonly string[],
): Promise<void> {
  const { rm } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const path = join(folder, archive);
  const contents = filesIn(await readMaybeGzip(path, () => ARCHIVE_BYTES), path);
  for (const name of names) {
    const bytes = requireFile(contents, name, path);
    try {
      await writeAtomically(join(folder, name), [bytes]);
    } catch (cause) {
      throw new DownloadError(
        `${name} cannot be unpacked into ${folder}: ${messageOf(cause)} ` +
          'Or name another folder in XDG_CACHE_HOME.',
        { cause },
      );
    }
  }
  await rm(path, { force: true });
}

/** The files of a tar archive by their names, whatever folders they are in there. */
export function filesIn(bytes: Uint8Array, archive: string): ReadonlyMap<string, Uint8Array> {
  const entries = [...readTar(bytes, archive)];
  return new Map(entries.map(([path, contents]) => [path.split('/').at(-1) ?? path, contents]));
}

/** @throws DataError where an archive lacks a file. */
export function requireFile(
  contents: ReadonlyMap<string, Uint8Array>,
  name: string,
  archive: string,
): Uint8Array {
  const bytes = contents.get(name);
  if (bytes) return bytes;
  throw new DataError(`${archive} does not hold ${name}, only ${[...contents.keys()].join(', ')}.`);
}
