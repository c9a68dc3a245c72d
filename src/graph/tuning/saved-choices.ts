import { writeAtomically } from '../../files/atomic-file.ts';
import { cacheFolder } from '../../files/cache-folder.ts';

/** What a file of choices says of itself. */
const FORMAT = 'wgrad tuned kernels 1';

/** Where choices outlive a process. */
export interface SavedChoices {
  /** What is there; nothing where there is none, or none that can be trusted. */
  load(): Promise<Iterable<readonly [problem: string, way: string]>>;
  /** @throws FileError where it cannot be written */
  save(choices: ReadonlyMap<string, string>): Promise<void>;
}

/** A file for a device in the folder for what can be made again. Node only. */
export async function choicesInCache(device: string): Promise<SavedChoices> {
  const { join } = await import('node:path');
  const name = device.replace(/[^\w.-]+/g, '-').slice(0, 80);
  const sum = (await sha256(device)).slice(0, 8);
  return choicesIn(join(await cacheFolder(), 'tuned', `${name}-${sum}.json`), device);
}

/** A file of choices that were measured on a device. */
export function choicesIn(file: string, device: string): SavedChoices {
  return {
    async load() {
      const { readFile } = await import('node:fs/promises');
      const text = await readFile(file, 'utf8').catch(() => '');
      return (await choicesOf(text, device)) ?? [];
    },
    save: async (choices) => writeAtomically(file, await choicesText(choices, device)),
  };
}

/** The text of a file of choices. */
export async function choicesText(
  choices: ReadonlyMap<string, string>,
  device: string,
): Promise<string> {
  const table = Object.fromEntries([...choices].sort(([a], [b]) => (a < b ? -1 : 1)));
  const checksum = await sha256(JSON.stringify([FORMAT, device, table]));
  return `${JSON.stringify({ format: FORMAT, device, choices: table, checksum }, undefined, 2)}\n`;
}

/** The choices in a text; undefined where it is damaged, or of another device or format. */
async function choicesOf(text: string, device: string) {
  try {
    const { choices } = JSON.parse(text);
    const entries: [string, string][] = Object.entries(choices);
    return (await choicesText(new Map(entries), device)) === text ? entries : undefined;
  } catch {
    return undefined;
  }
}

async function sha256(text: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(text).digest('hex');
}
