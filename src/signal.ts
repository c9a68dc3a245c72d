import { inWords } from './arguments.ts';
import { ArgumentError } from './errors.ts';

/**
 * What is used of an `AbortSignal`, so that types need no DOM: the `signal` of an `AbortController`
 * is one.
 */
export interface Signal {
  readonly aborted: boolean;
  /** Why it was aborted: what is thrown where nothing else can be returned. */
  readonly reason: unknown;
  /** Throws the reason, where it was aborted. */
  throwIfAborted(): void;
  /** Has the listener called when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Has it called no more. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** @throws ArgumentError where it cannot be listened to, as the controller of a signal cannot. */
export function requireSignal(caller: string, signal: Signal | undefined): void {
  if (signal === undefined || typeof signal?.addEventListener === 'function') return;
  throw new ArgumentError(
    `${caller}: signal must be an AbortSignal, such as controller.signal; got ${inWords(signal)}.`,
  );
}
