import { DataError } from '../errors.ts';
import type { Sample } from './pictures/sample-grid.ts';
import {
  type EpochRecord,
  RUN_FILES,
  type RunMetrics,
  type RunSettings,
  type RunStatus,
} from './run-folder.ts';
import { isEpoch, isMetrics, isObject, isSample, listOf } from './run-schema.ts';

/** What is in a run's folder. What is missing is undefined or empty. */
export interface Run {
  readonly folder: string;
  /** The folder's own name. */
  readonly name: string;
  readonly settings: Partial<RunSettings>;
  readonly history: readonly EpochRecord[];
  readonly metrics: Partial<RunMetrics>;
  readonly samples: readonly Sample[];
  /** Undefined for a run that never said. */
  readonly status: RunStatus | undefined;
  /** All its files, as paths within the folder, sorted. */
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
    (await readJson(folder, name, fits, problems)) ?? missing;
  const metrics = await read(RUN_FILES.metrics, isMetrics, {});
  return {
    folder,
    name: basename(resolve(folder)),
    settings: await read(RUN_FILES.settings, isObject, {}),
    history: await read(RUN_FILES.history, listOf(isEpoch), []),
    metrics,
    samples: await read(RUN_FILES.samples, listOf(isSample), []),
    status: metrics.status,
    files: files.filter(({ path }) => !path.endsWith('.part')),
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
  const { access, readdir } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch((cause) => {
    throw unreadable(runsFolder, cause);
  });
  const runs: Run[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const marks = [RUN_FILES.settings, RUN_FILES.history, RUN_FILES.metrics];
    const found = marks.map((file) => access(join(runsFolder, name, file)).then(() => true));
    if (await Promise.any(found).catch(() => false))
      runs.push(await readRun(join(runsFolder, name)));
  }
  return runs.sort((a, b) => (a.name < b.name ? 1 : -1));
}

async function readJson<T>(
  folder: string,
  name: string,
  fits: (value: unknown) => value is T,
  problems: string[],
): Promise<T | undefined> {
  const { readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    if (fits(value)) return value;
    problems.push(`${name} is not of the form this version of wgrad writes.`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    problems.push(`${name} cannot be read: ${(error as Error).message}.`);
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
  return new DataError(`${folder} cannot be read: ${(cause as Error).message}.`, { cause });
}
