import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DataError, type EpochLogs } from 'wgrad';
import { writeJson } from '../runs/json-file.ts';
import type { TrialResult } from '../trial/run-store.ts';
import { keyOf, type TrialSettings } from '../trial/settings.ts';

/** What the page of results keeps of a trial; plain JSON. */
export interface Result {
  readonly settings: TrialSettings;
  readonly status: string;
  readonly device: string;
  readonly parameters: number;
  /** How many epochs were trained. */
  readonly epochs: number;
  /** The median of all epochs, validation not included; null before the first one has ended. */
  readonly secondsPerEpoch: number | null;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly auc: number | null;
  readonly trainLoss: number | null;
  readonly trainAccuracy: number | null;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
}

export function resultOf({ settings, metrics, history }: TrialResult): Result {
  const kept = keptEpoch(settings, history);
  const number = (key: string) => {
    const value = kept?.[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const { weights } = settings;
  return {
    // Where the file was is of no use to others.
    settings: { ...settings, weights: weights === null ? null : basename(weights) },
    status: metrics.status,
    device: metrics.device,
    parameters: metrics.parameters,
    epochs: history.length,
    secondsPerEpoch: median(history.map(({ seconds }) => seconds)),
    accuracy: metrics.accuracy,
    precision: metrics.macroPrecision,
    recall: metrics.macroRecall,
    f1: metrics.macroF1,
    auc: metrics.macroAuc,
    trainLoss: number('loss'),
    trainAccuracy: number('accuracy'),
    valLoss: number('valLoss'),
    valAccuracy: number('valAccuracy'),
  };
}

/** The epoch whose weights the model ended with: early stopping goes back to the best one. */
function keptEpoch(
  { patience }: TrialSettings,
  history: readonly EpochLogs[],
): EpochLogs | undefined {
  if (patience === null) return history.at(-1);
  // What was NaN is null in the file.
  const lossOf = ({ valLoss }: EpochLogs) => valLoss ?? Number.POSITIVE_INFINITY;
  return history.reduce<EpochLogs | undefined>(
    (best, logs) => (best && lossOf(best) <= lossOf(logs) ? best : logs),
    undefined,
  );
}

/**
 * All results so far, from the file beside the page; none where there is no file yet.
 *
 * @throws DataError for a file that cannot be read
 */
export async function readResults(file: string): Promise<Result[]> {
  try {
    const results: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isResults(results)) return results;
    throw new TypeError('it is no list of results');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new DataError(
      `${file} cannot be read: ${(cause as Error).message}. Mend it, or move it away: it is written ` +
        'anew from the runs there are.',
      { cause },
    );
  }
}

function isResults(value: unknown): value is Result[] {
  return Array.isArray(value) && value.every((own) => typeof own?.settings === 'object');
}

/** Adds results to those so far, in the place of older ones of the same trial, and writes them. */
export async function keepResults(file: string, added: readonly Result[]): Promise<Result[]> {
  const results = new Map((await readResults(file)).map((own) => [keyOf(own.settings), own]));
  for (const own of added) results.set(keyOf(own.settings), own);
  const sorted = [...results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own);
  await writeJson(file, sorted);
  return sorted;
}

/**
 * What there is of a trial: the whole one, else the longest one with fewer epochs that is the same
 * otherwise.
 */
export function standIn<R extends { readonly settings: TrialSettings }>(
  settings: TrialSettings,
  results: readonly R[],
): R | undefined {
  return results
    .filter(
      (own) =>
        own.settings.epochs <= settings.epochs &&
        keyOf({ ...own.settings, epochs: settings.epochs }) === keyOf(settings),
    )
    .sort((a, b) => b.settings.epochs - a.settings.epochs)[0];
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] as number) + (sorted[Math.ceil(at)] as number)) / 2;
}
