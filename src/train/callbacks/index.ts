export type { Callback } from './callback.ts';
export type { CallbackState, Stateful } from './callback-state.ts';
export { type CheckpointOptions, checkpoint } from './checkpoint.ts';
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
export { type Inspection, type InspectOptions, inspect } from './inspect.ts';
export { learningRate, type ReduceOnPlateauOptions, reduceOnPlateau } from './learning-rate.ts';
export { csvLog, jsonLinesLog } from './logs.ts';
export { type NanGuardOptions, nanGuard } from './nan-guard.ts';
export { type ProgressOptions, type ProgressStream, progress } from './progress.ts';
