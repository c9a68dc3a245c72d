import type { FileHandle } from 'node:fs/promises';

/**
 * Opens a file to read it. A pipe, socket or device is refused rather than waited for: it may never
 * answer, or never end. Node only. Throws what the system says, in its own words.
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const { constants, open } = await import('node:fs/promises');
  // Without this flag, which Windows does not have, opening a pipe waits for who writes into it.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = await handle.stat();
  if (stats.isFile()) return handle;
  await handle.close();
  throw new Error(`it is ${stats.isDirectory() ? 'a folder' : 'a pipe or device'}, no file`);
}

/** The contents of a file, which is opened as {@link openRegularFile} does. Node only. */
export async function readRegularFile(path: string): Promise<Uint8Array> {
  const handle = await openRegularFile(path);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
