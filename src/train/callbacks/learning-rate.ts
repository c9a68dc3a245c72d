import { requireFunction, requireOptions } from '../../arguments.ts';
import {
  PLATEAU_OPTIONS,
  type PlateauOptions,
  type PlateauState,
  reduceOnPlateau as reducer,
} from '../../optim/plateau.ts';
import type { Schedule } from '../../optim/schedules.ts';
import { type Direction, directionOf } from '../metric-name.ts';
import { isCount, isNumber, isObject } from '../state-checks.ts';
import type { Callback } from './callback.ts';
import { requireState } from './callback-state.ts';
import { monitored, requireMonitor } from './monitored.ts';

/**
 * Sets the learning rate at the start of each epoch to `schedule(epoch)`, epochs from 0. For a rate
 * that changes from step to step give the schedule to the optimizer itself.
 */
export function learningRate(schedule: Schedule): Callback {
  requireFunction('learningRate', 'schedule', schedule);
  return {
    name: 'learningRate',
    // Also where training resumes within an epoch.
    onEpochBegin: ({ optimizer, epoch }) => {
      optimizer.lr = schedule(epoch);
    },
  };
}

export interface ReduceOnPlateauOptions extends PlateauOptions {
  /** The metric to watch. Default `valLoss`, or `loss` without validation data. */
  readonly monitor?: string;
  /** Whether small values of it are good or large ones. Default: as its name says. */
  readonly mode?: Direction;
}

/** The rate after the last time it was lowered, and what is remembered of the metric. */
interface ReducedRate {
  readonly lr?: number | undefined;
  readonly plateau: PlateauState;
}

/**
 * Lowers the learning rate when a metric has not improved for some epochs. The optimizer's schedule,
 * if it has one, counts until then; the lowered rate takes its place.
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): Callback<ReducedRate> {
  requireOptions('reduceOnPlateau', options, [...PLATEAU_OPTIONS, 'monitor']);
  const { monitor, mode, ...rest } = options;
  requireMonitor('reduceOnPlateau', monitor, mode);
  const plateau = reducer({ ...rest, mode: mode ?? directionOf(monitor ?? 'loss') ?? 'min' });
  /** The rate after the last time it was lowered. */
  let lr: number | undefined;
  return {
    name: 'reduceOnPlateau',
    onTrainBegin({ optimizer }) {
      if (lr !== undefined) optimizer.lr = lr;
    },
    onEpochEnd({ optimizer }, logs) {
      const { value } = monitored('reduceOnPlateau', monitor, logs);
      const next = plateau.update(value, optimizer.lr);
      if (next === optimizer.lr) return;
      lr = next;
      optimizer.lr = next;
    },
    state: () => ({ values: { lr, plateau: plateau.state() } }),
    restore({ values }) {
      if (!values) return;
      const { lr: rate = 0, plateau: state } = values;
      requireState(Number.isFinite(rate) && rate >= 0 && isObject(state));
      requireState((state.best === null || isNumber(state.best)) && isCount(state.waited));
      requireState(isCount(state.cooling ?? 0));
      lr = values.lr;
      plateau.restore(values.plateau);
    },
  };
}
