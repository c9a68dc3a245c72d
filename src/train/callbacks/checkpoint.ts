import { requireChoice, requireOptions, requireText, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { requireFiles } from '../../files/require-files.ts';
import { type Direction, isBetter } from '../metric-name.ts';
import { isNumber } from '../state-checks.ts';
import { writeTraining } from '../training-state.ts';
import type { Callback } from './callback.ts';
import { requireState } from './callback-state.ts';
import { monitored, requireMonitor } from './monitored.ts';

export interface CheckpointOptions {
  /** `last` (default) writes every time, `best` only when the metric is the best so far. */
  readonly keep?: 'last' | 'best';
  /** The metric that says which epoch is best. Default `valLoss`, or `loss` without validation. */
  readonly monitor?: string;
  /** Whether small values of it are good or large ones. Default: as its name says. */
  readonly mode?: Direction;
  /** Epochs between two checkpoints of `last`. Default 1. */
  readonly everyEpochs?: number;
  /** Steps between two checkpoints of `last` within an epoch. Default: none but at its end. */
  readonly everySteps?: number;
}

/**
 * Writes checkpoints that `fit`'s `resume` goes on from; `last` writes one more where training is
 * stopped or interrupted on the way. The file is replaced as a whole, so that no moment leaves half
 * of one. With `{epoch}` in its name each epoch, from 1, has a file of its own.
 *
 * @throws ArgumentError where options make no sense together
 */
export function checkpoint(file: string, options: CheckpointOptions = {}): Callback<number | null> {
  requireText('checkpoint', 'file', file);
  requireFiles('checkpoint', 'Keep encodeSafetensors(await weightsOf(model)) in openStore().');
  requireOptions('checkpoint', options, ['keep', 'monitor', 'mode', 'everyEpochs', 'everySteps']);
  const { keep = 'last', monitor, mode, everyEpochs, everySteps } = options;
  requireMonitor('checkpoint', monitor, mode);
  requireChoice('checkpoint', { keep }, ['last', 'best']);
  requireWhole(
    'checkpoint',
    { everyEpochs: everyEpochs ?? 1, everySteps: everySteps ?? 1 },
    { from: 1 },
  );
  if (keep === 'best' && (everySteps ?? everyEpochs) !== undefined) {
    throw new ArgumentError(
      "checkpoint: everySteps and everyEpochs go with keep: 'last'. Which epoch is best is known after each.",
    );
  }
  let best: number | undefined;
  return {
    name: `checkpoint ${file}`,
    isForFirstRank: true,
    async onSettled(training, logs) {
      const { step, epoch, epochs, isOver } = training;
      if (keep === 'best') {
        if (!logs) return;
        const { metric, value } = monitored('checkpoint', monitor, logs);
        if (
          Number.isNaN(value) ||
          (best !== undefined && !isBetter('checkpoint', metric, mode)(value, best))
        )
          return;
        best = value;
      } else {
        const isDue = logs
          ? logs.epoch % (everyEpochs ?? 1) === 0 || logs.epoch === epochs
          : everySteps !== undefined && step % everySteps === 0;
        if (!(isDue || isOver)) return;
      }
      const number = String(logs?.epoch ?? epoch + 1);
      await writeTraining(file.replaceAll('{epoch}', number), training);
    },
    state: () => ({ values: best ?? null }),
    restore({ values }) {
      requireState(values == null || isNumber(values));
      best = values ?? undefined;
    },
  };
}
