import { codeOf } from '../cause.ts';

/**
 * Files that are being written, `<file>.<process>-<random>.part`, until they are renamed. What a
 * killed program left is known by its process, which is gone. Node only.
 */
export async function unfinishedName(file: string): Promise<string> {
  const { randomUUID } = await import('node:crypto');
  return `${file}.${process.pid}-${randomUUID().slice(0, 8)}.part`;
}

/** The unfinished files of this name in the folder that no running program writes. */
export async function abandoned(folder: string, name: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const entries = await readdir(folder).catch(() => []); // it may not be there yet
  return entries.filter((entry) => isAbandoned(entry, name)).map((entry) => join(folder, entry));
}

function isAbandoned(entry: string, name: string): boolean {
  if (!entry.startsWith(`${name}.`)) return false;
  const writer = /^(\d+)-[0-9a-f]{8}\.part$/.exec(entry.slice(name.length + 1))?.[1];
  return writer !== undefined && !isRunning(Number(writer));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 only asks
  } catch (error) {
    return codeOf(error) === 'EPERM'; // another user's
  }
}
