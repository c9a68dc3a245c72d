import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from 'wgrad';

/**
 * Writes a file under another name first, so that its own name stands for the old text or all of
 * the new. Its folder is made where missing.
 * @throws FileError when it cannot be written; what was there before is untouched
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(unfinished, text);
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new FileError(
      `${file} cannot be written: ${cause instanceof Error ? cause.message : cause}. ` +
        'Choose a folder you may write to.',
      { cause },
    );
  }
}
