import { CheckpointError } from '../../errors.ts';
import type { HostTensor } from '../../io/host-tensor.ts';
import type { Weights } from '../../io/weights.ts';

/** What a callback remembers between steps, so that training resumes as if it never stopped. */
export interface CallbackState<Values = unknown> {
  /** Anything JSON can hold; numbers may be NaN or infinite too. Restored as null if left out. */
  readonly values?: Values;
  readonly tensors?: ReadonlyMap<string, HostTensor>;
}

/** What a checkpoint knows of a callback. */
export interface Stateful<Values = unknown> {
  /** Tells its state apart from that of other callbacks; unique within one `fit`. */
  readonly name: string;
  /** What a checkpoint keeps of it; nothing if left out. */
  state?(): CallbackState<Values> | Promise<CallbackState<Values>>;
  /**
   * Goes on from what `state` gave; `model` is what is trained, not yet with its weights of then. An
   * error refuses the checkpoint before model and optimizer have changed.
   */
  restore?(state: CallbackState<Values>, model: Weights): void;
}

/** @throws CheckpointError unless what a callback is to go on from `isRight`. */
export function requireState(isRight: boolean): void {
  if (!isRight) throw new CheckpointError('it is not of the form in which it is written.');
}
