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

  /** The epoch in which a metric was best: lowest for losses and errors, else highest. */
  best(metric: string): EpochLogs | undefined {
    const better = isBetter(metric);
    return this.epochs.reduce<EpochLogs | undefined>((best, logs) => {
      const value = logs[metric];
      if (value === undefined || Number.isNaN(value)) return best;
      return best === undefined || better(value, best[metric] as number) ? logs : best;
    }, undefined);
  }
}

/** Whether one value of a metric is better than another: less for losses and errors, else more. */
export function isBetter(metric: string): (value: number, than: number) => boolean {
  return /loss|error/i.test(metric) ? (value, than) => value < than : (value, than) => value > than;
}

/** The name a metric has on validation data: `loss` → `valLoss`. */
export function onValidation(metric: string): string {
  return `val${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;
}
