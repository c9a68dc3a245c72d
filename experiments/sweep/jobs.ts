import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TrialOptions } from '../trial/run-trial.ts';
import { failure } from '../trial/run-trials.ts';
import { type TrialSettings, titleOf } from '../trial/settings.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** What a process is asked to train. */
export interface Job {
  readonly settings: TrialSettings;
  readonly options: Pick<TrialOptions, 'root' | 'device' | 'dataFolder'>;
}

/**
 * Runs jobs in processes of their own, so many at a time, which share the CPU's threads evenly.
 * Resolves when all have ended; after a signal no new one is begun, and those under way write
 * their checkpoints.
 *
 * @throws WgradError naming the trainings that failed, when the others have ended
 */
export async function runJobs(
  jobs: readonly Job[],
  atATime: number,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...jobs];
  const failed: string[] = [];
  const workers = Math.min(atATime, jobs.length);
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  const work = async () => {
    for (let job = waiting.shift(); job && !signal.aborted; job = waiting.shift()) {
      const failure = await runChild(job, threads, signal);
      if (failure) failed.push(`  ${titleOf(job.settings)}: ${failure}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (failed.length === 0 || signal.aborted) return;
  throw failure(failed, jobs.length, 'Their last lines above say why. ');
}

/** Resolves when a process has ended, to how it failed if it did. Its lines are marked. */
async function runChild(
  { settings, options }: Job,
  threads: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const child = fork(CHILD, {
    env: { WGRAD_THREADS: String(threads), ...process.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const stop = () => child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  const mark = `[${settings.model} ${settings.optimizer} ${settings.lr}] `;
  for (const stream of [child.stdout, child.stderr]) markLines(stream, mark);
  const end = ended(child);
  child.send({ settings, options } satisfies Job);
  try {
    return await end;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function ended(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve(message));
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(undefined);
      else resolve(killedBy ? `its process was ended by ${killedBy}` : `exit code ${code}`);
    });
  });
}

function markLines(stream: NodeJS.ReadableStream | null, mark: string): void {
  if (!stream) return;
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (line !== '') process.stderr.write(`${mark}${line}\n`);
  });
}
