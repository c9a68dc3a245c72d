import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { callbacks, EpochLogs } from 'wgrad';
import { report } from 'wgrad/node';
import { readJson } from '../runs/json-file.ts';
import type { RecordedMetrics } from '../runs/record.ts';
import { keyOf, type TrialSettings, trial } from './settings.ts';

/** How a trial went: the content of `metrics.json`. */
export interface TrialMetrics extends RecordedMetrics {
  /** The classification report on the training images. */
  readonly trainReport: string;
}

/** A trial that has ended. */
export interface TrialResult {
  readonly settings: TrialSettings;
  readonly folder: string;
  readonly metrics: TrialMetrics;
  readonly history: readonly EpochLogs[];
  readonly inspection: callbacks.Inspection | undefined;
}

/** The part of `settings.json` that tells trials apart. */
interface RunSettings {
  readonly trial?: TrialSettings;
}

/** The folder a trial was begun in, if there is one; the newest of several. */
export async function findRun(root: string, settings: TrialSettings): Promise<string | undefined> {
  const [newest] = await runsOf(root, settings);
  return newest;
}

/** The folders a trial was begun in, the newest first. */
export async function runsOf(root: string, settings: TrialSettings): Promise<string[]> {
  const found: string[] = [];
  for (const folder of await newestFirst(root)) {
    const own = await readJson<RunSettings>(join(folder, 'settings.json'));
    if (own?.trial && keyOf(own.trial) === keyOf(settings)) found.push(folder);
  }
  return found;
}

/** All trials below a folder that have ended; of those with the same settings, the newest. */
export async function finishedTrials(root: string): Promise<TrialResult[]> {
  const results = new Map<string, TrialResult>();
  for (const folder of await newestFirst(root)) {
    const found = await readJson<RunSettings>(join(folder, 'settings.json'));
    if (!found?.trial || results.has(keyOf(found.trial))) continue;
    const metrics = await finishedMetrics(folder);
    if (!metrics) continue;
    results.set(keyOf(found.trial), await readResult(trial(found.trial), folder, metrics));
  }
  return [...results.values()];
}

/** A trial that has ended with these metrics, from the files of its folder. */
export async function readResult(
  settings: TrialSettings,
  folder: string,
  metrics: TrialMetrics,
): Promise<TrialResult> {
  const { history } = await report.readRun(folder);
  const inspection = await readJson<callbacks.Inspection>(join(folder, 'inspection.json'));
  return { settings, folder, metrics, history: history as readonly EpochLogs[], inspection };
}

/** Folders of runs are named by the time they were begun; those under way to their name are none yet. */
async function newestFirst(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => []);
  return names
    .filter((name) => !name.endsWith('.part'))
    .sort()
    .reverse()
    .map((name) => join(root, name));
}

/** The metrics of a trial that has ended; undefined for one that can go on. */
export async function finishedMetrics(folder: string): Promise<TrialMetrics | undefined> {
  const { metrics } = await report.readRun(folder);
  return isFinished(metrics) ? metrics : undefined;
}

function isFinished(metrics: Partial<report.RunMetrics>): metrics is TrialMetrics {
  const { accuracy, macroPrecision, macroRecall, macroF1, parameters, device, trainReport } =
    metrics as Partial<TrialMetrics>;
  return (
    [accuracy, macroPrecision, macroRecall, macroF1, parameters].every(Number.isFinite) &&
    [device, trainReport].every((text) => typeof text === 'string')
  );
}
