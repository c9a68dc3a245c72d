import { readFile } from 'node:fs/promises';
import { writeWhole } from './whole-file.ts';

/**
 * Writes a value as indented JSON; NaN and infinities become null.
 * @throws FileError when it cannot be written
 */
export function writeJson(file: string, value: unknown): Promise<void> {
  return writeWhole(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** A JSON file's content; undefined where there is none, or half of one. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
