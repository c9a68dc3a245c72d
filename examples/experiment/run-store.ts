import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ending } from '../../src/index.ts';
import type { Judgement } from './judge.ts';
import { keyOf, type TrialSettings } from './settings.ts';

/** How a trial went: the content of `metrics.json`. */
export interface TrialMetrics extends Judgement {
  readonly status: Ending['kind'];
  /** Why it ended before its last epoch. */
  readonly reason: string | null;
  readonly device: string;
  readonly parameters: number;
  readonly trainReport: string;
}

/** The part of `settings.json` that tells trials apart. */
interface RunSettings {
  readonly trial: TrialSettings;
}

/** The folder a trial was begun in, if there is one; the newest of several. */
export async function findRun(root: string, settings: TrialSettings): Promise<string | undefined> {
  const names = await readdir(root).catch(() => []);
  for (const name of names.sort().reverse()) {
    const found = await readJson<RunSettings>(join(root, name, 'settings.json'));
    if (found?.trial && keyOf(found.trial) === keyOf(settings)) return join(root, name);
  }
  return undefined;
}

/** The metrics of a trial that has ended; undefined for one that can go on. */
export async function finishedMetrics(folder: string): Promise<TrialMetrics | undefined> {
  const metrics = await readJson<TrialMetrics | { status: 'running' }>(
    join(folder, 'metrics.json'),
  );
  return metrics?.status === 'running' ? undefined : metrics;
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
