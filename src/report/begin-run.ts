import { requireText } from '../arguments.ts';
import { messageOf } from '../cause.ts';
import { DataError, FileError } from '../errors.ts';
import { abandoned, unfinishedName } from '../files/unfinished.ts';
import { writeJson } from './json-file.ts';
import { RUN_FILES, type RunMetrics, type RunSettings } from './run-folder.ts';
import { ownerText, showLife, takeOver } from './run-owner.ts';

const RUNNING: RunMetrics = { status: 'running' };

/**
 * Makes the folder `<root>/<YYYY-MM-DDTHH-MM-SS>-<model>` (UTC; `-2`, `-3`, … behind it where that
 * is taken) with the settings and the status 'running', as a whole. What killed programs began and
 * did not finish there is removed. Node only.
 *
 * @returns the path of the folder
 * @throws DataError where it cannot be made
 */
export async function createRun(
  root: string,
  model: string,
  settings: Omit<RunSettings, 'model'> = {},
): Promise<string> {
  requireText('createRun', 'root', root);
  requireText('createRun', 'model', model);
  const { mkdir, rm, writeFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  // What some system or address does not allow in a name.
  const base = join(root, `${time}-${model.replace(/[^\p{L}\p{N}._-]+/gu, '-')}`);
  const unfinished = await unfinishedName(base);
  try {
    await mkdir(root, { recursive: true });
    for (const left of await abandoned(root)) await rm(left, { recursive: true, force: true });
    await mkdir(unfinished);
    await writeJson(join(unfinished, RUN_FILES.settings), { model, ...settings });
    await writeJson(join(unfinished, RUN_FILES.metrics), RUNNING);
    await writeFile(join(unfinished, RUN_FILES.owner), await ownerText());
    const folder = await renamed(unfinished, base);
    await showLife(folder);
    return folder;
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `createRun: no folder for a run can be made in ${root}: ${messageOf(cause)}. ` +
        'Choose a folder you may write to.',
      { cause },
    );
  }
}

/**
 * Lets a run that was interrupted or killed go on in this process: its status is 'running' again.
 * Node only.
 *
 * @throws DataError where it goes on in another process, or its folder cannot be written
 */
export async function resumeRun(folder: string): Promise<void> {
  const { join } = await import('node:path');
  try {
    await takeOver(folder);
    await writeJson(join(folder, RUN_FILES.metrics), RUNNING);
    await showLife(folder);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new FileError(
      `${folder} cannot go on: ${messageOf(cause)}. Choose a run in a folder you may write to.`,
      { cause },
    );
  }
}

/** Gives a folder the first of its names that is not taken. */
async function renamed(folder: string, name: string): Promise<string> {
  const { access, rename } = await import('node:fs/promises');
  for (let copy = 1; ; copy++) {
    const free = copy === 1 ? name : `${name}-${copy}`;
    const isTaken = () =>
      access(free).then(
        () => true,
        () => false,
      );
    if (await isTaken()) continue;
    try {
      await rename(folder, free);
      return free;
    } catch (error) {
      if (!(await isTaken())) throw error; // otherwise somebody was first meanwhile
    }
  }
}
