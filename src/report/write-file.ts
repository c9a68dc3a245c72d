/** Writes under a name of its own and renames, so that no reader ever sees half a file. */
export async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  const { mkdir, rename, rm, writeFile } = await import('node:fs/promises');
  const { randomUUID } = await import('node:crypto');
  const { dirname } = await import('node:path');
  const unfinished = `${file}.${randomUUID()}.part`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(unfinished, contents);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
