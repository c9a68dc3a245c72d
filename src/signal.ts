/**
 * What is used of an `AbortSignal`, so that types need no DOM: the `signal` of an `AbortController`
 * is one.
 */
export interface Signal {
  readonly aborted: boolean;
  /** Why it was aborted: what is thrown where nothing else can be returned. */
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
