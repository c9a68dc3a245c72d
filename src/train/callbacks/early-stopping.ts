import { requireFlag, requireNumber, requireOptions } from '../../arguments.ts';
import type { HostTensor } from '../../io/host-tensor.ts';
import { matched, setWeights, weightsOf } from '../../io/weights.ts';
import { type Direction, isBetter } from '../metric-name.ts';
import { isCount, isNumber } from '../state-checks.ts';
import type { Callback } from './callback.ts';
import { requireState } from './callback-state.ts';
import { monitored, requireMonitor } from './monitored.ts';

export interface EarlyStoppingOptions {
  /** The metric to watch. Default `valLoss`, or `loss` without validation data. */
  readonly monitor?: string;
  /** Whether small values of it are good or large ones. Default: as its name says. */
  readonly mode?: Direction;
  /** Epochs without improvement after which training stops. Default 0, as 1: the first one. */
  readonly patience?: number;
  /** By how much a value must be better to count as an improvement. Default 0. */
  readonly minDelta?: number;
  /**
   * Whether the model ends with the weights of its best epoch (default) or of its last, however
   * training ends.
   */
  readonly restoreBest?: boolean;
}

/** The best value so far and its epoch, from 1. */
interface Best {
  readonly value: number;
  readonly epoch: number;
}

/**
 * Stops training when a metric has not improved for `patience` epochs. NaN is no improvement.
 *
 * @throws ArgumentError where `patience` or `minDelta` is below 0, or neither `mode` nor the metric's
 *   name says which values are good.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback<Best | null> {
  requireOptions('earlyStopping', options, [
    'monitor',
    'mode',
    'patience',
    'minDelta',
    'restoreBest',
  ]);
  const { monitor, mode, patience = 0, minDelta = 0, restoreBest = true } = options;
  // No patience ends: the weights of the best epoch may be all that is wanted.
  requireNumber('earlyStopping', { patience: patience === Infinity ? 0 : patience }, { from: 0 });
  requireNumber('earlyStopping', { minDelta }, { from: 0 });
  requireFlag('earlyStopping', 'restoreBest', restoreBest);
  requireMonitor('earlyStopping', monitor, mode);
  let best: Best | undefined;
  let bestWeights: ReadonlyMap<string, HostTensor> = new Map();
  return {
    name: 'earlyStopping',
    async onEpochEnd(training, logs) {
      const { metric, value } = monitored('earlyStopping', monitor, logs);
      const better = isBetter('earlyStopping', metric, mode);
      const bar = best && best.value + (better(1, 0) ? minDelta : -minDelta);
      if (bar === undefined ? !Number.isNaN(value) : better(value, bar)) {
        best = { value, epoch: logs.epoch };
        if (restoreBest) bestWeights = await weightsOf(training.model);
        return;
      }
      const waited = logs.epoch - (best?.epoch ?? 0);
      if (waited < patience) return;
      const epochs = waited === 1 ? '1 epoch' : `${waited} epochs`;
      training.stop(
        best
          ? `${metric} has not been better than ${best.value}, in epoch ${best.epoch}, for ${epochs}`
          : `${metric} has been NaN for ${epochs}`,
      );
    },
    async onTrainEnd({ model }) {
      if (restoreBest && bestWeights.size > 0) await setWeights(model, bestWeights);
    },
    state: () => ({ values: best ?? null, tensors: bestWeights }),
    restore({ values, tensors }, model) {
      const { value, epoch } = values ?? { value: 0, epoch: 0 };
      requireState(isNumber(value) && isCount(epoch));
      if (tensors?.size) matched(model, tensors, { source: 'its best weights' });
      best = values ?? undefined;
      bestWeights = tensors ?? new Map();
    },
  };
}
