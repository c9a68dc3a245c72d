import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { TrialOptions } from '../../trial/run-trial.ts';
import type { TrialSettings } from '../../trial/settings.ts';
import { runJobs } from './jobs.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** What a process of this machine is asked to train. */
export interface Order {
  readonly settings: TrialSettings;
  readonly options: Pick<TrialOptions, 'root' | 'device' | 'dataFolder'>;
}

/**
 * Trains in processes of this machine, so many at a time, which share the CPU's threads evenly. They
 * do not outlive this one.
 *
 * @throws WgradError naming the trainings that failed, when the others have ended
 */
export function trainHere(
  orders: readonly Order[],
  atATime: number,
  signal: AbortSignal,
): Promise<void> {
  const workers = Math.min(atATime, orders.length);
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  const jobs = orders.map((order) => ({
    settings: order.settings,
    begin: () => {
      const child = fork(CHILD, {
        env: { WGRAD_THREADS: String(threads), ...process.env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child.send(order satisfies Order);
      return child;
    },
    stop: (child: ReturnType<typeof fork>) => child.kill('SIGINT'),
  }));
  return runJobs(jobs, atATime, signal);
}
