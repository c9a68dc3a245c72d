import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DeviceError } from '../../src/index.ts';
import { type TrialSettings, titleOf } from '../experiment/settings.ts';
import type { TrialOptions } from '../experiment/trial.ts';

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
 * Throws `DeviceError` naming the trainings that failed, when the others have ended.
 */
export async function runJobs(
  jobs: readonly Job[],
  atATime: number,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...jobs];
  const failed: string[] = [];
  const threads = Math.max(1, Math.floor(availableParallelism() / atATime));
  const work = async () => {
    for (let job = waiting.shift(); job && !signal.aborted; job = waiting.shift()) {
      if (!(await runChild(job, threads, signal))) failed.push(titleOf(job.settings));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, jobs.length) }, work));
  if (failed.length > 0 && !signal.aborted) {
    throw new DeviceError(
      `${failed.length} of ${jobs.length} trainings failed, for reasons given above: ` +
        `${failed.join('; ')}. The same command tries them again.`,
    );
  }
}

/** Whether a process ended well. Its lines are marked with the model's name and the rate. */
function runChild(
  { settings, options }: Job,
  threads: number,
  signal: AbortSignal,
): Promise<boolean> {
  const child = fork(CHILD, {
    env: { WGRAD_THREADS: String(threads), ...process.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const mark = `[${settings.model} ${settings.optimizer} ${settings.lr}] `;
  for (const stream of [child.stdout, child.stderr]) markLines(stream, mark);
  child.send({ settings, options } satisfies Job);
  const stop = () => child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  return ended(child).finally(() => signal.removeEventListener('abort', stop));
}

function ended(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

function markLines(stream: NodeJS.ReadableStream | null, mark: string): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) if (line) process.stderr.write(`${mark}${line}\n`);
  });
}
