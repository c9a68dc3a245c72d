import './misuse.ts';

export { averaged, type EmaOptions, ema, type WeightAverages } from './averages.ts';
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
export { type AdadeltaOptions, adadelta } from './rules/adadelta.ts';
export { type AdagradOptions, adagrad } from './rules/adagrad.ts';
export { type AdamOptions, adam, adamW } from './rules/adam.ts';
export { type AdamaxOptions, adamax } from './rules/adamax.ts';
export { type LambOptions, lamb } from './rules/lamb.ts';
export { type LarsOptions, lars } from './rules/lars.ts';
export { type LionOptions, lion } from './rules/lion.ts';
export { type NadamOptions, nadam } from './rules/nadam.ts';
export { type RadamOptions, radam } from './rules/radam.ts';
export { type RmspropOptions, rmsprop } from './rules/rmsprop.ts';
export { type SgdOptions, sgd } from './rules/sgd.ts';
export type { OneCycleOptions, Schedule, ScheduleSettings, WarmUpOptions } from './schedules.ts';
/** Learning rates as functions of the step. */
export * as schedules from './schedules.ts';
export type { GroupSettings, OptimizerOptions, OptimizerSettings } from './settings.ts';
export type { AccumulateOptions, StepOptions } from './step-options.ts';
