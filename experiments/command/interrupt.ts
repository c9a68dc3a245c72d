import { constants } from 'node:os';

/** What asks a command to end: Ctrl-C, `kill` and schedulers, and a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * npm passes Ctrl-C on to the script that the terminal has told of it already, so one Ctrl-C may
 * come twice; within this time it is the same.
 */
const SAME_PRESS_MS = 400;

/** Why a command ends early: the reason of the signal that `onInterrupt` gives. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** What shells say of a program that a signal ended: 128 and its number. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`The program was asked to end by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** The part of `process` that is listened to. */
export interface Interruptible {
  on(event: string, listener: () => void): unknown;
  readonly stdout?: NodeJS.EventEmitter;
  readonly stderr?: NodeJS.EventEmitter;
}

/**
 * Aborts the returned signal at the first request to end; the second one ends the process at once.
 * Nobody reading on, as behind `| head -1`, is a request too.
 */
export function onInterrupt(
  source: Interruptible = process,
  exit: (code: number) => void = process.exit,
): AbortSignal {
  const controller = new AbortController();
  let first: { readonly name: NodeJS.Signals; readonly time: number } | undefined;
  for (const name of SIGNALS) {
    source.on(name, () => {
      const interruption = new Interruption(name);
      first ??= { name, time: performance.now() };
      const isSame = first.name === name && performance.now() - first.time <= SAME_PRESS_MS;
      if (!isSame) exit(interruption.exitCode);
      controller.abort(interruption);
    });
  }
  for (const stream of [source.stdout, source.stderr]) {
    stream?.on('error', ({ code }: NodeJS.ErrnoException) => {
      // A terminal that is gone has sent SIGHUP as well.
      if (code === 'EPIPE') controller.abort(new Interruption('SIGPIPE'));
    });
  }
  return controller.signal;
}

/** The exit code of a command that was interrupted; undefined for one that was not. */
export function interruptedCode({ reason }: AbortSignal): number | undefined {
  return reason instanceof Interruption ? reason.exitCode : undefined;
}
