import { codeOf, messageOf } from '../cause.ts';
import { DataError } from '../errors.ts';
import type { RankTimes } from '../train/callbacks/rank-times.ts';
import { readJson } from './json-file.ts';
import type { Sample } from './pictures/sample-grid.ts';
import {
  type EpochRecord,
  RUN_FILES,
  type RunMetrics,
  type RunSettings,
  type RunStatus,
} from './run-folder.ts';
import { isOwned } from './run-owner.ts';
import { isEpoch, isMetrics, isRankTimes, isSample, isSettings, listOf } from './run-schema.ts';

/** What is in a run's folder. What is missing is undefined or empty. */
export interface Run {
  readonly folder: string;
  /** The folder's own name. */
  readonly name: string;
  readonly settings: Partial<RunSettings>;
  readonly history: readonly EpochRecord[];
  readonly metrics: Partial<RunMetrics>;
  readonly samples: readonly Sample[];
  /** What each rank did with its time, where there were several. */
  readonly ranks: readonly RankTimes[];
  /**
   * Undefined for a run that never said; 'interrupted' also for one that was killed: whose process is
   * gone, or of whose process, on another machine, nothing was heard for two minutes.
   */
  readonly status: RunStatus | undefined;
  /** All its files but `owner.json`, as paths within the folder, sorted. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads a run's folder, finished or not. Files that are not there are no problem; those that are
 * broken are named in `problems` and treated like missing ones. Node only.
 *
 * @throws DataError where there is no such folder
 */
export async function readRun(folder: string): Promise<Run> {
  const { basename, resolve } = await import('node:path');
  const files = await filesOf(folder);
  const problems: string[] = [];
  const read = async <T>(name: string, fits: (value: unknown) => value is T, missing: T) =>
    (await readAs(folder, name, fits, problems)) ?? missing;
  const metrics = await read(RUN_FILES.metrics, isMetrics, {});
  const isKilled = metrics.status === 'running' && !(await isOwned(folder));
  return {
    folder,
    name: basename(resolve(folder)),
    settings: await read(RUN_FILES.settings, isSettings, {}),
    history: await read(RUN_FILES.history, listOf(isEpoch), []),
    metrics,
    samples: await read(RUN_FILES.samples, listOf(isSample), []),
    ranks: await read(RUN_FILES.ranks, listOf(isRankTimes), []),
    status: isKilled ? 'interrupted' : metrics.status,
    files: files.filter(({ path }) => !path.endsWith('.part') && path !== RUN_FILES.owner),
    problems,
  };
}

/**
 * All runs in a folder, the newest first by their names. Folders without any file of a run are
 * none. Node only.
 *
 * @throws DataError where there is no such folder
 */
export async function readRuns(runsFolder: string): Promise<Run[]> {
  const { readdir } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const names = await readdir(runsFolder).catch((cause) => {
    throw unreadable(runsFolder, cause);
  });
  const runs: Run[] = [];
  for (const name of names.filter((name) => !name.endsWith('.part'))) {
    const folder = join(runsFolder, name);
    if (!(await isRun(folder))) continue;
    runs.push(await readRun(folder).catch((error) => unreadableRun(folder, name, error)));
  }
  return runs.sort((a, b) => (a.name < b.name ? 1 : -1));
}

/** Whether a folder has any file of a run, or does not let anybody look. */
async function isRun(folder: string): Promise<boolean> {
  const { lstat } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const marks = [RUN_FILES.settings, RUN_FILES.history, RUN_FILES.metrics].map((file) =>
    lstat(join(folder, file)).then(
      () => true,
      (error) => codeOf(error) === 'EACCES',
    ),
  );
  return (await Promise.all(marks)).includes(true);
}

/** What there is to show of a run whose folder cannot be read. */
function unreadableRun(folder: string, name: string, error: unknown): Run {
  const empty = { settings: {}, history: [], metrics: {}, samples: [], ranks: [], files: [] };
  return { folder, name, ...empty, status: undefined, problems: [messageOf(error)] };
}

async function readAs<T>(
  folder: string,
  name: string,
  fits: (value: unknown) => value is T,
  problems: string[],
): Promise<T | undefined> {
  const { join } = await import('node:path');
  try {
    const value = await readJson(join(folder, name));
    if (fits(value)) return value;
    problems.push(`${name} is not of the form this version of wgrad writes.`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    problems.push(`${name} cannot be read: ${messageOf(error)}.`);
  }
  return undefined;
}

async function filesOf(folder: string): Promise<{ path: string; bytes: number }[]> {
  const { readdir, stat } = await import('node:fs/promises');
  const { join, relative, sep } = await import('node:path');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw unreadable(folder, cause);
  });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const path = relative(folder, file).split(sep).join('/');
      // A run that goes on may rename its files meanwhile.
      return stat(file).then(
        ({ size }) => [{ path, bytes: size }],
        () => [],
      );
    });
  return (await Promise.all(files)).flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

function unreadable(folder: string, cause: unknown): DataError {
  return new DataError(`${folder} cannot be read: ${messageOf(cause)}.`, { cause });
}
