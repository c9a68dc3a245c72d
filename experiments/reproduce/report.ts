import type { report } from 'wgrad/node';
import type { Outcome } from '../trial/comparison-pictures.ts';
import type { TrialResult } from '../trial/run-store.ts';
import type { TrialSettings } from '../trial/settings.ts';

/** What a report's authors measured, in [0, 1]; what they do not say is left out. */
export interface Theirs {
  readonly accuracy?: number;
  readonly f1?: number;
  readonly auc?: number;
  /** What else there is to say, such as the epochs they ran. */
  readonly note?: string;
}

/** One training of a report, a row of its table. */
export interface Entry {
  readonly settings: TrialSettings;
  readonly theirs: Theirs;
}

/** A published report: what was trained, what came out, what was drawn. */
export interface Report {
  /** What `npm run reproduce` calls it. */
  readonly name: string;
  readonly title: string;
  /** What it is about and what of it was left open by its authors; Markdown. */
  readonly about: string;
  readonly entries: readonly Entry[];
  /** The columns of its table besides model, settings, epochs and accuracy. */
  readonly columns: readonly Column[];
  /**
   * Pictures of several trainings together, by name; those of one are in its run's folder. Given the runs
   * that are here, at least one, and how all trainings of the table came out, both in the report's order; what
   * the runs are not enough for is left out.
   */
  pictures(
    results: readonly TrialResult[],
    outcomes: readonly Outcome[],
  ): Record<string, report.Picture>;
  /** Texts to print and keep besides the table, such as classification reports, by title. */
  texts?(results: readonly TrialResult[]): Record<string, string>;
}

export type Column =
  | 'optimizer'
  | 'activation'
  | 'f1'
  | 'precision'
  | 'recall'
  | 'auc'
  | 'trainLoss'
  | 'trainAccuracy'
  | 'valLoss'
  | 'valAccuracy';
