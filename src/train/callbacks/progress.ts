import { requireFunction, requireOptions } from '../../arguments.ts';
import type { EpochLogs } from '../history.ts';
import type { Training } from '../training.ts';
import type { Callback } from './callback.ts';

/** Where progress is shown: `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** Default: stderr, or the console in a browser. */
  readonly stream?: ProgressStream;
}

/** Shows how an epoch gets on. */
export interface ProgressDisplay {
  /** Seconds between two updates: each waits for the device. */
  readonly interval: number;
  show(done: number, facts: string): void;
  /** Leaves the line to what comes next. */
  stop(): void;
}

/** Shows how training gets on: a line now and then, and one with all metrics after each epoch. */
export function progress(options: ProgressOptions = {}): Callback {
  requireOptions('progress', options, ['stream']);
  const { stream = standardStream() } = options;
  requireFunction('progress', 'stream.write', stream?.write);
  return progressOn(stream, (title) => linesOn(stream, title));
}

/** Progress on a display of one's own for each epoch. */
export function progressOn(
  stream: ProgressStream,
  open: (title: string, examples: number) => ProgressDisplay,
): Callback {
  let display: ProgressDisplay | undefined;
  let isDue = () => false;
  const stop = () => {
    display?.stop();
    display = undefined;
  };
  return {
    name: 'progress',
    onEpochBegin({ epoch, epochs, examples }) {
      display = open(`Epoch ${epoch + 1}/${epochs}`, examples);
      isDue = every(display.interval);
    },
    async onStepEnd(training) {
      if (isDue()) display?.show(training.means.examples, await factsOf(training));
    },
    onEpochEnd(training, logs) {
      stop();
      stream.write(`${epochLine(training, logs)}\n`);
    },
    onTrainEnd({ stopped }) {
      stop();
      if (stopped) stream.write(`Stopped: ${stopped.reason}\n`);
    },
  };
}

/** Lines for a log file or a pipe. */
export function linesOn(stream: ProgressStream, title: string): ProgressDisplay {
  return {
    interval: 10,
    show: (_, facts) => stream.write(`${title}  ${facts}\n`),
    stop() {},
  };
}

async function factsOf({ means, examples, seconds }: Training): Promise<string> {
  const soFar = await means.read();
  const perSecond = means.examples / seconds;
  const left = duration(Math.ceil((examples - means.examples) / perSecond));
  return (
    `${means.examples}/${examples} examples, ${words(soFar)}, ` +
    `${perSecond.toFixed(0)} examples/s, ${left} left`
  );
}

function epochLine({ epochs }: Training, { epoch, seconds, lr, ...metrics }: EpochLogs): string {
  const rate = Number(lr.toPrecision(3));
  return `Epoch ${epoch}/${epochs}  ${seconds.toFixed(1)} s  ${words(metrics)}, lr ${rate}`;
}

function words(metrics: Readonly<Record<string, number>>): string {
  const spaced = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return Object.entries(metrics)
    .map(([name, value]) => `${spaced(name)} ${value.toFixed(4)}`)
    .join(', ');
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'some time';
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** True once in so many seconds, for the first time when they are over. */
function every(seconds: number): () => boolean {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < seconds * 1000) return false;
    last = now;
    return true;
  };
}

function standardStream(): ProgressStream {
  if (typeof process !== 'undefined' && process.stderr) return process.stderr;
  return { write: (text) => console.log(text.trimEnd()) };
}
