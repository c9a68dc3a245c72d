import { ArgumentError } from '../../errors.ts';
import { type Freezable, recording } from './recording.ts';

/** Whether something trains; what is recorded goes by it, and is recorded anew where it changes. */
export function isTrained(one: Freezable): boolean {
  const { trainable } = one;
  recording()?.trainable.set(one, trainable);
  return trainable;
}

/** Refuses that a recorded function freezes or thaws, which a replay would not. */
export function refuseFreezing(): void {
  recording()?.refuse(
    new ArgumentError(
      'compile: the function sets what is trainable, which it would do at its first call alone. Set it before the call.',
    ),
  );
}
