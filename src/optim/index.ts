import './misuse.ts';

export { type AdagradOptions, adagrad } from './adagrad.ts';
export { type AdamOptions, adam, adamW } from './adam.ts';
export type { ClippingOptions } from './clipping.ts';
export type { Moment } from './flat-weights.ts';
export type { Group, VariableGroup, Variables } from './groups.ts';
export type { LossScale, LossScaleOptions } from './loss-scale.ts';
export { Optimizer } from './optimizer.ts';
export {
  type Plateau,
  type PlateauOptions,
  type PlateauState,
  reduceOnPlateau,
} from './plateau.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export type { OneCycleOptions, Schedule, ScheduleSettings } from './schedules.ts';
export * as schedules from './schedules.ts';
export type { GroupSettings, OptimizerOptions, OptimizerSettings } from './settings.ts';
export { type SgdOptions, sgd } from './sgd.ts';
