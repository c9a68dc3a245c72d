import { codeOf } from '../cause.ts';
import { DataError } from '../errors.ts';
import { ownMark, stateOf } from '../files/process-mark.ts';
import { unfinishedName } from '../files/unfinished.ts';
import { readJson } from './json-file.ts';
import { RUN_FILES } from './run-folder.ts';
import { isObject } from './run-schema.ts';

// Whether a process of another container or machine is alive can only be told by what it writes.
const BEAT_MS = 10_000;
const SILENCE_MS = 120_000;

/** The content of `owner.json`: which process a run goes on in. */
interface Owner {
  /** Its mark, as in names of unfinished files. */
  readonly process: string;
  /** For those who read messages. */
  readonly pid: number;
  readonly host: string;
}

/** What `owner.json` holds where the run is one of this process. */
export async function ownerText(): Promise<string> {
  const { hostname } = await import('node:os');
  const owner: Owner = { process: await ownMark(), pid: process.pid, host: hostname() };
  return `${JSON.stringify(owner)}\n`;
}

/**
 * Makes a run one of this process.
 *
 * @throws DataError where it goes on in another one
 */
export async function takeOver(folder: string): Promise<void> {
  const { readFile, rename, rm } = await import('node:fs/promises');
  const file = await ownerFile(folder);
  const own = await ownerText();
  const inFile = (path: string) => readFile(path, 'utf8').catch(() => undefined);
  while (!(await isFirst(file, own))) {
    const before = await inFile(file);
    if (before === own) return;
    if (await isOwned(folder)) throw await takenBy(folder);
    // Of several that take over from one that is gone, one is first and has its own file there.
    const aside = await unfinishedName(file);
    await rename(file, aside).catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    const taken = await inFile(aside);
    if (taken === before || taken === undefined) await rm(aside, { recursive: true, force: true });
    else await rename(aside, file);
  }
}

/** Shows other machines that this process is alive, for as long as the run is its own and goes on. */
export async function showLife(folder: string): Promise<void> {
  const { readFile, utimes } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const file = await ownerFile(folder);
  const own = await ownerText();
  const goesOn = async () => {
    if ((await readFile(file, 'utf8')) !== own) return false;
    const metrics = await readJson(join(folder, RUN_FILES.metrics));
    return isObject(metrics) && metrics.status === 'running';
  };
  const beat = setInterval(async () => {
    if (await goesOn().catch(() => false)) await utimes(file, new Date(), new Date());
    else clearInterval(beat);
  }, BEAT_MS);
  beat.unref();
}

/** Whether a run goes on in some process that is alive, as far as can be told. */
export async function isOwned(folder: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises');
  const about = await stat(await ownerFile(folder)).catch(() => undefined);
  if (!about) return false;
  const owner = await readOwner(folder);
  const state = owner ? await stateOf(owner.process) : 'unknown';
  if (state !== 'unknown') return state === 'running';
  // A time far ahead is of a clock that was set back since; who is alive would have written again.
  return Math.abs(Date.now() - about.mtimeMs) < SILENCE_MS;
}

/** Writes the file where there is none. */
async function isFirst(file: string, text: string): Promise<boolean> {
  const { writeFile } = await import('node:fs/promises');
  return writeFile(file, text, { flag: 'wx' }).then(
    () => true,
    (error) => {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    },
  );
}

async function takenBy(folder: string): Promise<DataError> {
  const owner = await readOwner(folder);
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process';
  return new DataError(
    `${folder} goes on in ${who} already. Wait until that one has ended, or begin another run.`,
  );
}

async function readOwner(folder: string): Promise<Owner | undefined> {
  const owner = await readJson(await ownerFile(folder)).catch(() => undefined);
  return isOwner(owner) ? owner : undefined;
}

function isOwner(value: unknown): value is Owner {
  return isObject(value) && typeof value.process === 'string';
}

async function ownerFile(folder: string): Promise<string> {
  const { join } = await import('node:path');
  return join(folder, RUN_FILES.owner);
}
