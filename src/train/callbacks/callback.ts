import type { HostTensor } from '../../io/host-tensor.ts';
import type { EpochLogs } from '../history.ts';
import type { StepGradients, Training } from '../training.ts';

/** What a callback remembers between steps, so that training resumes as if it never stopped. */
export interface CallbackState {
  /** Anything JSON can hold; numbers may be NaN or infinite too. */
  readonly values?: unknown;
  readonly tensors?: ReadonlyMap<string, HostTensor>;
}

/** What `fit` calls on the way. Every method may be left out and may be asynchronous. */
export interface Callback {
  /** Tells its state apart from that of other callbacks; unique within one `fit`. */
  readonly name: string;
  /** Before the first epoch, or the first one after resuming. */
  onTrainBegin?(training: Training): void | Promise<void>;
  onEpochBegin?(training: Training): void | Promise<void>;
  /**
   * Whether the gradients of the step to come are wanted; computing with them costs a second plan.
   * They are given to all callbacks if one wants them.
   */
  wantsGradients?(training: Training): boolean;
  /** After each step. The device may not have computed it yet; reading anything waits for it. */
  onStepEnd?(training: Training, gradients: StepGradients | undefined): void | Promise<void>;
  /** After each epoch and its validation. */
  onEpochEnd?(training: Training, logs: EpochLogs): void | Promise<void>;
  /** After all other callbacks have seen a step or an epoch: the time to write checkpoints. */
  onSettled?(training: Training, logs: EpochLogs | undefined): void | Promise<void>;
  /** After the last epoch, also when training was stopped or failed, in this callback or another. */
  onTrainEnd?(training: Training): void | Promise<void>;
  state?(): CallbackState;
  restore?(state: CallbackState): void;
}
