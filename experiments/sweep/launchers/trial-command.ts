import { resolve } from 'node:path';
import type { SweepOptions } from '../options.ts';

/**
 * A line for a shell that trains one combination of a sweep, on any machine that has the project's
 * folder and that of the runs under the same paths; its number is to follow.
 */
export function trialCommand(options: SweepOptions): string {
  const words = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
  return [...words, ...trialArguments(options), '--trial'].map(quoted).join(' ');
}

/** All that decides the combinations and where they are kept. */
function trialArguments({ data, folder, limit, ...options }: SweepOptions): string[] {
  const given = {
    models: options.models.join(),
    lr: options.lr.join(),
    optimizers: options.optimizers.join(),
    data,
    folder: folder === undefined ? undefined : resolve(folder),
    epochs: options.epochs,
    'batch-size': options.batchSize,
    seed: options.seed,
    limit,
    device: options.device,
    runs: resolve(options.runs),
  };
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}

/** A word as a POSIX shell reads it. */
export function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
