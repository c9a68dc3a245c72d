import { writeAtomically } from '../files/atomic-file.ts';

/** Writes a value as indented JSON, as a whole or not at all; NaN and infinities become null. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
