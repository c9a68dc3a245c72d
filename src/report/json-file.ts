import { writeAtomically } from '../files/atomic-file.ts';

/** No file of a run has half of this: a larger one is something else, and would fill the memory. */
const MOST_BYTES = 2 ** 25;

/** Writes a value as indented JSON, as a whole or not at all; NaN and infinities become null. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** The value in a file. Anything may be wrong with it, and is thrown as what the system says of it. */
export async function readJson(file: string): Promise<unknown> {
  const { readFile, stat } = await import('node:fs/promises');
  const about = await stat(file);
  if (!about.isFile()) throw new Error('it is no file'); // a pipe would be waited for
  if (about.size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
  return JSON.parse(await readFile(file, 'utf8'));
}
