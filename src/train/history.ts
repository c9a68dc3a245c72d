import { requireChoice } from '../arguments.ts';
import { type Direction, isBetter } from './metric-name.ts';

/** What an epoch has shown: `loss`, `accuracy`, … and with validation data `valLoss`, … */
export interface EpochLogs {
  /** From 1. */
  readonly epoch: number;
  /** The optimizer's learning rate at the end of the epoch. */
  readonly lr: number;
  /** Wall-clock seconds of training, without validation and callbacks at the end of the epoch. */
  readonly seconds: number;
  readonly [metric: string]: number;
}

/** Why training ended. */
export type Ending =
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped' | 'diverged'; readonly reason: string }
  | { readonly kind: 'interrupted' };

/** What `fit` returns: the logs of all epochs, those before a resumed start included. */
export class History {
  readonly epochs: EpochLogs[] = [];
  ending: Ending = { kind: 'finished' };

  /** The logs of the last epoch; undefined before the first one has ended. */
  get last(): EpochLogs | undefined {
    return this.epochs.at(-1);
  }

  /** The values of one metric, epoch by epoch; NaN where an epoch lacks it. */
  series(metric: string): number[] {
    return this.epochs.map((logs) => logs[metric] ?? Number.NaN);
  }

  /**
   * The epoch in which a metric was best: lowest for losses and errors, highest for accuracies and
   * their like, as its name says unless `mode` does.
   * @throws ArgumentError where neither says it.
   */
  best(metric: string, mode?: Direction): EpochLogs | undefined {
    if (mode !== undefined) requireChoice('best', { mode }, ['min', 'max']);
    if (this.epochs.every((logs) => logs[metric] === undefined)) return undefined;
    const better = isBetter('best', metric, mode);
    let best: { readonly logs: EpochLogs; readonly value: number } | undefined;
    for (const logs of this.epochs) {
      const value = logs[metric];
      if (value === undefined || Number.isNaN(value)) continue;
      if (best === undefined || better(value, best.value)) best = { logs, value };
    }
    return best?.logs;
  }
}
