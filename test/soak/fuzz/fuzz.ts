import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { WgradError } from '../../../src/errors.ts';
import { Chance } from './mutations.ts';

/** Something that reads files. */
export interface Reader {
  readonly name: string;
  /** Makes what the others need. */
  readonly begin?: () => Promise<void>;
  /** A damaged file, drawn anew for each input. */
  readonly input: (chance: Chance) => Uint8Array;
  /** Reads it, and all that is read lazily; throws what a user would get. */
  readonly read: (input: Uint8Array) => unknown;
  /** Puts back what `read` has left. */
  readonly end?: () => Promise<void>;
}

export interface Outcome {
  readonly reader: string;
  readonly inputs: number;
  /** How many gave a value. */
  readonly values: number;
  /** How many gave an error, by its class. */
  readonly errors: Readonly<Record<string, number>>;
  readonly seed: number;
  /** What is no typed error, took too long or too much memory. */
  readonly failures: readonly string[];
}

/** The most that inputs may take. Both are far above what good ones take. */
const MOST_SECONDS = 10;
const MOST_BYTES = 3 * 2 ** 30;

/** Gives a reader so many damaged files: each must be a value or a WgradError, in bounds. */
export async function fuzz(reader: Reader, inputs: number, seed: number): Promise<Outcome> {
  const errors: Record<string, number> = {};
  const failures: string[] = [];
  const watch = new Watch(`${reader.name}, seed ${seed}`);
  let values = 0;
  await reader.begin?.();
  // What the process has taken for other tests is none of the reader's.
  const before = process.memoryUsage.rss();
  for (let i = 0; i < inputs; i++) {
    const input = reader.input(new Chance(seed + i));
    const fail = (what: string) => failures.push(`input of seed ${seed + i}: ${what}`);
    watch.next(i);
    const start = performance.now();
    try {
      await reader.read(input);
      values++;
    } catch (error) {
      const name = error instanceof Error ? error.constructor.name : String(error);
      errors[name] = (errors[name] ?? 0) + 1;
      if (!(error instanceof WgradError)) fail(`${(error as Error)?.stack ?? error}`);
      else if (error.message.length > 5000) fail(`a message of ${error.message.length} characters`);
    }
    const seconds = (performance.now() - start) / 1000;
    if (seconds > MOST_SECONDS) fail(`${seconds} s`);
    const bytes = process.memoryUsage.rss() - before;
    if (bytes > MOST_BYTES) fail(`${bytes} bytes of memory`);
  }
  await watch.end();
  await reader.end?.();
  return { reader: reader.name, inputs, values, errors, seed, failures };
}

/** Ends the process where one input hangs it: a thread of its own sees what this one cannot. */
class Watch {
  private readonly at = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;

  constructor(what: string) {
    this.worker = new Worker(
      `const { at, what, seconds } = require('node:worker_threads').workerData;
      let last = -1;
      setInterval(() => {
        if (at[0] === last) {
          require('node:fs').writeSync(2, what + ': input ' + last + ' hangs\\n');
          process.kill(process.pid, 'SIGKILL');
        }
        last = at[0];
      }, seconds * 1000);`,
      { eval: true, workerData: { at: this.at, what, seconds: 6 * MOST_SECONDS } },
    );
    this.worker.unref();
  }

  next(input: number): void {
    this.at[0] = input;
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Where a reader's file is the program: `… test/soak/fuzz/csv.ts [INPUTS] [SEED]` prints the outcome. */
export async function asProgram(module: ImportMeta, reader: Reader): Promise<void> {
  if (module.url !== pathToFileURL(process.argv[1] ?? '').href) return;
  const [inputs = 20_000, seed = 1] = process.argv.slice(2).map(Number);
  const outcome = await fuzz(reader, inputs, seed);
  console.log(JSON.stringify({ ...outcome, failures: outcome.failures.slice(0, 20) }));
  process.exit(outcome.failures.length > 0 ? 1 : 0);
}
