import { readFile, stat } from 'node:fs/promises';
import { report } from 'wgrad/node';

export const { writeJson } = report;

/** What is larger is no file of a run, and would fill the memory. */
const MOST_BYTES = 2 ** 25;

/** A JSON file's content; undefined where there is none, half of one or something else. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    const about = await stat(file);
    if (!about.isFile() || about.size > MOST_BYTES) return undefined;
    const value = JSON.parse(await readFile(file, 'utf8'));
    JSON.stringify(value); // what is nested too deeply to be written again was not written by us
    return value as T;
  } catch {
    return undefined;
  }
}
