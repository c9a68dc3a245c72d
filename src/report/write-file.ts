import { DataError } from '../errors.ts';

/**
 * Writes under a name of its own and renames, so that no reader ever sees half a file. The folder
 * is made where missing.
 *
 * Throws `DataError` where the file cannot be written.
 */
export async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  const { mkdir, rename, rm, writeFile } = await import('node:fs/promises');
  const { randomUUID } = await import('node:crypto');
  const { dirname } = await import('node:path');
  const unfinished = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(unfinished, contents);
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new DataError(
      `${file} cannot be written: ${(cause as Error).message}. Make room or choose another folder.`,
      { cause },
    );
  }
}

/** Writes a value as indented JSON, as `writeWhole` does; NaN and infinities become null. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeWhole(file, `${JSON.stringify(value, null, 2)}\n`);
}
