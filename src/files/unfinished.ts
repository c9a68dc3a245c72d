import { ownMark, PROCESS_MARK, stateOf } from './process-mark.ts';

/**
 * What is being written has the name `<name>.<mark of the process>-<random>.part` until it is renamed.
 * What a killed program left is known by its process, which is gone; of a process elsewhere, by that
 * nothing was written for an hour. Node only.
 */
const UNFINISHED = new RegExp(`^(.+)\\.(${PROCESS_MARK.source})-[0-9a-f]{8}\\.part$`);
const HOUR_MS = 3_600_000;

export async function unfinishedName(name: string): Promise<string> {
  const { randomUUID } = await import('node:crypto');
  return `${name}.${await ownMark()}-${randomUUID().slice(0, 8)}.part`;
}

/** The unfinished files of this name in the folder, or of any, that no running program writes. */
export async function abandoned(folder: string, name?: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const found: string[] = [];
  for (const entry of await readdir(folder).catch(() => [])) {
    const [, its, mark] = UNFINISHED.exec(entry) ?? [];
    if (mark === undefined || (name ?? its) !== its) continue;
    const path = join(folder, entry);
    if (await isAbandoned(path, mark)) found.push(path);
  }
  return found;
}

async function isAbandoned(path: string, mark: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises');
  const state = await stateOf(mark);
  if (state !== 'unknown') return state === 'gone';
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.NaN })); // gone meanwhile
  return Date.now() - mtimeMs > HOUR_MS;
}
