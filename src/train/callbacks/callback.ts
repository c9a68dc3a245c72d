import type { EpochLogs } from '../history.ts';
import type { StepGradients, Training } from '../training.ts';
import type { Stateful } from './callback-state.ts';

/**
 * What `fit` calls on the way. Every method may be left out, and those that start with `on` may be
 * asynchronous. `Values` is what its state holds.
 */
export interface Callback<Values = unknown> extends Stateful<Values> {
  /** Whether it writes or prints, which of several ranks rank 0 alone does: the others go without it. */
  readonly isForFirstRank?: boolean;
  /** Before the first epoch, or the first one after resuming. */
  onTrainBegin?(training: Training): void | Promise<void>;
  /** Before each epoch. */
  onEpochBegin?(training: Training): void | Promise<void>;
  /**
   * Whether the gradients of the step to come are wanted; computing with them costs a second plan.
   * They are given to all callbacks if one wants them.
   */
  wantsGradients?(training: Training): boolean;
  /** After each step. The device may not have computed it yet; reading anything, `training.loss` too, waits for it. */
  onStepEnd?(training: Training, gradients: StepGradients | undefined): void | Promise<void>;
  /** Around the validation of an epoch, also one that is interrupted or fails. */
  onValidationBegin?(training: Training): void | Promise<void>;
  /** Like `onValidationBegin`, after it. */
  onValidationEnd?(training: Training): void | Promise<void>;
  /** After each epoch and its validation. */
  onEpochEnd?(training: Training, logs: EpochLogs): void | Promise<void>;
  /** After all other callbacks have seen a step or an epoch: the time to write checkpoints. */
  onSettled?(training: Training, logs: EpochLogs | undefined): void | Promise<void>;
  /** After the last epoch, also when training was stopped or failed, in this callback or another. */
  onTrainEnd?(training: Training): void | Promise<void>;
}
