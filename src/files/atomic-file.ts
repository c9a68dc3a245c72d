import { messageOf } from '../cause.ts';
import { FileError } from '../errors.ts';
import { abandoned, unfinishedName } from './unfinished.ts';

/** The most that one system call moves: all systems' limits are above. */
const CHUNK_BYTES = 1 << 30;

/**
 * Writes a file so that its name stands for the old contents or the new, whole ones, whenever the
 * program or the machine stops: under a temporary name in the same folder (created where missing),
 * brought to the disk, then renamed. What killed programs left of the file is removed. Node only.
 *
 * @param contents text, or bytes in pieces, in order
 * @throws FileError where it cannot be written; what was there before is untouched.
 */
export async function writeAtomically(
  file: string,
  contents: string | Iterable<Uint8Array>,
): Promise<void> {
  const pieces = typeof contents === 'string' ? [new TextEncoder().encode(contents)] : contents;
  const { mkdir, open, rename, rm } = await import('node:fs/promises');
  const { basename, dirname } = await import('node:path');
  const unfinished = await unfinishedName(file);
  try {
    await mkdir(dirname(file), { recursive: true });
    for (const left of await abandoned(dirname(file), basename(file))) {
      await rm(left, { force: true });
    }
    const handle = await open(unfinished, 'wx');
    try {
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; ) {
          const length = Math.min(piece.length - at, CHUNK_BYTES);
          at += (await handle.write(piece, at, length)).bytesWritten;
        }
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new FileError(
      `${file} cannot be written: ${messageOf(cause)}. ` +
        'Make room, or choose a folder you may write to.',
      { cause },
    );
  }
  await syncFolder(dirname(file));
}

/** Brings the new name to the disk, where the system can: Windows opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  const { open } = await import('node:fs/promises');
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
