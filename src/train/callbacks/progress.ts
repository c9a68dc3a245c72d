import { requireFunction, requireOptions } from '../../arguments.ts';
import type { EpochLogs } from '../history.ts';
import type { Training } from '../training.ts';
import type { Callback } from './callback.ts';

/** Where progress is shown: `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  /** Shows text, which has its line breaks in it. */
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** Default: stderr, or the console in a browser. */
  readonly stream?: ProgressStream;
}

/** How an epoch gets on, in words. */
export interface ProgressFacts {
  /** Means so far: `loss 0.4566`. */
  readonly metrics: readonly string[];
  /** Examples a second; none before the clock has moved. */
  readonly speed?: string;
  /** Time until the epoch is over. */
  readonly left: string;
}

/** Shows how an epoch gets on. */
export interface ProgressDisplay {
  /** Seconds between two updates: each waits for the device. */
  readonly interval: number;
  show(done: number, facts: ProgressFacts): void;
  /** Leaves the line to what comes next. */
  stop(): void;
}

/** Shows how training gets on: a line now and then, and one with all metrics after each epoch. */
export function progress(options: ProgressOptions = {}): Callback {
  requireOptions('progress', options, ['stream']);
  const { stream = standardStream() } = options;
  requireFunction('progress', 'stream.write', stream?.write);
  return progressOn(stream, (title, examples) => linesOn(stream, title, examples));
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
    isForFirstRank: true,
    onTrainBegin(training) {
      const change = changeOfRanks(training);
      if (change) stream.write(`${change}\n`);
    },
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

/** What is otherwise where other ranks go on than wrote a checkpoint. */
function changeOfRanks({ ranksBefore, world, batchSize }: Training): string | undefined {
  const ranks = world?.size ?? 1;
  if (ranksBefore === undefined || ranksBefore === ranks) return undefined;
  const parts = (count: number) =>
    `${count} ${count === 1 ? 'rank' : 'ranks'} with ${Number((batchSize / count).toPrecision(3))} examples each`;
  return (
    `Goes on as ${parts(ranks)} of a batch of ${batchSize}, after ${parts(ranksBefore)}: the same batches, losses ` +
    'and weights, but for rounding; batch norms take the statistics of those parts.'
  );
}

/** Lines for a log file or a pipe. */
export function linesOn(stream: ProgressStream, title: string, examples: number): ProgressDisplay {
  return {
    interval: 10,
    show(done, { metrics, speed, left }) {
      const pace = speed === undefined ? [] : [`${speed} examples/s`];
      const facts = [`${done}/${examples} examples`, ...metrics, ...pace, left];
      stream.write(`${title}  ${facts.join(', ')}\n`);
    },
    stop() {},
  };
}

async function factsOf({ means, examples, seconds }: Training): Promise<ProgressFacts> {
  const metrics = words(await means.read());
  // A browser's clock may stand still for the first steps.
  if (seconds === 0) return { metrics, left: 'some time left' };
  const perSecond = means.examples / seconds;
  const left = duration(Math.ceil((examples - means.examples) / perSecond));
  return { metrics, speed: String(Number(perSecond.toPrecision(3))), left: `${left} left` };
}

function epochLine({ epochs }: Training, { epoch, seconds, lr, ...metrics }: EpochLogs): string {
  const rate = Number(lr.toPrecision(3));
  return `Epoch ${epoch}/${epochs}  ${seconds.toFixed(1)} s  ${words(metrics).join(', ')}, lr ${rate}`;
}

function words(metrics: Readonly<Record<string, number>>): string[] {
  const spaced = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return Object.entries(metrics).map(([name, value]) => `${spaced(name)} ${decimals(value)}`);
}

/** Four decimals; of a loss that went astray its size. */
function decimals(value: number): string {
  if (Math.abs(value) < 1e6) return value.toFixed(4);
  return value.toExponential(2).replace('Infinity', '∞');
}

function duration(seconds: number): string {
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
