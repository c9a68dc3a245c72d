import type { EventEmitter } from 'node:events';

/**
 * npm passes Ctrl-C on to the script that the terminal has told of it already, so one Ctrl-C may
 * come twice; within this time it is the same.
 */
const SAME_PRESS_MS = 400;

/** The exit code shells give to what was ended by Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** Aborts the returned signal at the first Ctrl-C; the second one ends the process at once. */
export function onInterrupt(
  source: EventEmitter = process,
  exit: (code: number) => void = process.exit,
): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  source.on('SIGINT', () => {
    first ??= performance.now();
    if (performance.now() - first > SAME_PRESS_MS) exit(INTERRUPTED);
    controller.abort();
  });
  return controller.signal;
}
