import { readFile } from 'node:fs/promises';
import type { EpochLogs } from '../../src/index.ts';
import { report } from '../../src/node.ts';
import { keyOf, type TrialSettings } from '../experiment/settings.ts';
import type { TrialResult } from '../experiment/trial.ts';

/** What the page of results keeps of a trial; plain JSON. */
export interface Result {
  readonly settings: TrialSettings;
  readonly status: string;
  readonly device: string;
  readonly parameters: number;
  /** How many epochs were trained. */
  readonly epochs: number;
  /** The median of all epochs, validation not included. */
  readonly secondsPerEpoch: number;
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
  return {
    settings,
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
  return history.reduce<EpochLogs | undefined>(
    (best, logs) => (best && (best.valLoss as number) <= (logs.valLoss as number) ? best : logs),
    undefined,
  );
}

/** All results so far, from the file beside the page; none where there is no file yet. */
export async function readResults(file: string): Promise<Result[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return JSON.parse(text) as Result[];
}

/** Adds results to those so far, in the place of older ones of the same trial, and writes them. */
export async function keepResults(file: string, added: readonly Result[]): Promise<Result[]> {
  const results = new Map((await readResults(file)).map((own) => [keyOf(own.settings), own]));
  for (const own of added) results.set(keyOf(own.settings), own);
  const sorted = [...results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own);
  await report.writeJson(file, sorted);
  return sorted;
}

/**
 * The result of a trial: that of the whole one, else of the longest one with fewer epochs that is
 * the same otherwise.
 */
export function resultFor(settings: TrialSettings, results: readonly Result[]): Result | undefined {
  const alike = results.filter(
    (own) =>
      own.settings.epochs <= settings.epochs &&
      keyOf({ ...own.settings, epochs: settings.epochs }) === keyOf(settings),
  );
  return alike.sort((a, b) => b.settings.epochs - a.settings.epochs)[0];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
