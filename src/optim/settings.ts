import type { ClippingOptions } from './clipping.ts';
import type { Group } from './groups.ts';
import type { LossScaleOptions } from './loss-scale.ts';
import { describeRate, type Schedule, type ScheduleSettings } from './schedules.ts';

/** What every optimizer can be told. */
export interface OptimizerOptions extends ClippingOptions {
  /** The learning rate, or a schedule of it by steps. */
  readonly lr?: number | Schedule;
  /** L2 penalty: this times the weight is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Scales losses for gradients stored as f16; `{}` for the defaults. `fit` sees to it by itself. */
  readonly lossScale?: LossScaleOptions;
}

export const OPTIMIZER_OPTIONS = [
  'lr',
  'weightDecay',
  'clipNorm',
  'clipValue',
  'lossScale',
] as const satisfies readonly (keyof OptimizerOptions)[];

/** An optimizer's options in plain JSON: those of all optimizers, and its rule's own. */
export type OptimizerSettings = {
  readonly lr: number | ScheduleSettings;
  readonly weightDecay: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly lossScale?: Required<LossScaleOptions>;
  /** Where it was given groups. */
  readonly groups?: readonly GroupSettings[];
} & { readonly [option: string]: unknown };

export interface GroupSettings {
  /** By name. */
  readonly variables: readonly string[];
  /** Its own, where it has one. */
  readonly lr?: number | ScheduleSettings;
  readonly weightDecay: number;
}

export function describeGroup({ variables, rate, weightDecay }: Group): GroupSettings {
  return {
    variables: variables.map(({ name }) => name),
    ...(rate === undefined ? {} : { lr: describeRate(rate) }),
    weightDecay,
  };
}

export function describeClipping({ clipNorm, clipValue }: ClippingOptions): ClippingOptions {
  return {
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(clipValue === undefined ? {} : { clipValue }),
  };
}
