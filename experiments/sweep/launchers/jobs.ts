import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { failure } from '../../trial/run-trials.ts';
import { type TrialSettings, titleOf } from '../../trial/settings.ts';

/** A training that is to be done by a process of its own. */
export interface Job {
  readonly settings: TrialSettings;
  /** Begins it. */
  readonly begin: () => ChildProcess;
  /** Asks it to write a checkpoint and to end. */
  readonly stop: (child: ChildProcess) => void;
}

/**
 * Runs jobs, so many at a time. Resolves when all have ended; after a signal no new one is begun, and
 * those under way are asked to stop.
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
  const work = async () => {
    for (let job = waiting.shift(); job && !signal.aborted; job = waiting.shift()) {
      const failure = await runJob(job, signal);
      if (failure) failed.push(`  ${titleOf(job.settings)}: ${failure}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, jobs.length) }, work));
  if (failed.length === 0 || signal.aborted) return;
  throw failure(failed, jobs.length, 'Their last lines above say why. ');
}

/** Resolves when a process has ended, to how it failed if it did. Its lines are marked. */
async function runJob(
  { settings, begin, stop }: Job,
  signal: AbortSignal,
): Promise<string | undefined> {
  const child = begin();
  const onAbort = () => stop(child);
  signal.addEventListener('abort', onAbort);
  const mark = `[${settings.model} ${settings.optimizer} ${settings.lr}] `;
  for (const stream of [child.stdout, child.stderr]) markLines(stream, mark);
  try {
    return await ended(child);
  } finally {
    signal.removeEventListener('abort', onAbort);
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
