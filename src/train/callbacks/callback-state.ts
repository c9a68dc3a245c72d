import type { HostTensor } from '../../io/host-tensor.ts';

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
  state?(): CallbackState<Values>;
  restore?(state: CallbackState<Values>): void;
}
