import type { RocCurve } from './pictures/roc.ts';

/** What a run was started with: `settings.json`. */
export interface RunSettings {
  /** As it was typed. */
  readonly command?: string;
  readonly model: string;
  readonly dataset?: string;
  readonly device?: string;
  /** How many numbers are trained. */
  readonly parameters?: number;
  readonly seed?: number;
  readonly optimizer?: string;
  readonly lr?: number;
  readonly batchSize?: number;
  /** Where epochs are judged on the test examples themselves, `'test'`. */
  readonly validation?: string;
  /** The model's layers, as `nn.summary` tells them. */
  readonly summary?: string;
  /** The version of wgrad. */
  readonly wgrad?: string;
  readonly [setting: string]: unknown;
}

/**
 * What an epoch measured, one element of `history.json`. Losses in nats, accuracies in [0, 1].
 * What was NaN or infinite is null in the file.
 */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly loss?: number | null;
  readonly valLoss?: number | null;
  readonly accuracy?: number | null;
  readonly valAccuracy?: number | null;
  readonly lr?: number | null;
  /** Wall-clock time of the epoch. */
  readonly seconds?: number | null;
  readonly [measure: string]: number | null | undefined;
}

/** How a run stands, or how it ended. */
export type RunStatus = 'running' | 'finished' | 'stopped' | 'interrupted' | 'diverged';

/** How well a class was recognised, each score in [0, 1]; null where it is undefined. */
export interface ClassRecord {
  /** As in `classNames`. */
  readonly name?: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** How many test examples are of this class. */
  readonly support: number;
}

/** The ROC curve of a class against all others; no points and a null for a class without examples. */
export interface RocRecord extends Omit<RocCurve, 'name'> {
  /** As in `classNames`. */
  readonly name?: string;
}

/**
 * What the test set has shown: `metrics.json`. While a run goes on it holds the status alone; a run
 * that was killed never changes it.
 */
export interface RunMetrics {
  readonly status: RunStatus;
  /** In [0, 1], as is macro F1. */
  readonly accuracy?: number | null;
  readonly macroF1?: number | null;
  /** Mean negative log-likelihood, in nats. */
  readonly logLoss?: number | null;
  /** Shape [classes, classes], row = true class. */
  readonly confusion?: readonly (readonly number[])[];
  readonly classNames?: readonly string[];
  /** One for each class. */
  readonly perClass?: readonly ClassRecord[];
  /** One for each class. */
  readonly roc?: readonly RocRecord[];
}

/** The names of the files of a run; pictures are in a folder of theirs. */
export const RUN_FILES = {
  settings: 'settings.json',
  history: 'history.json',
  metrics: 'metrics.json',
  samples: 'samples.json',
  ranks: 'ranks.json',
  owner: 'owner.json',
  weights: 'weights.safetensors',
  checkpoint: 'checkpoint.safetensors',
  pictures: 'pictures',
  report: 'report.html',
} as const;
