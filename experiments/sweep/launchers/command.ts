import { type ChildProcess, spawn } from 'node:child_process';
import type { TrialSettings } from '../../trial/settings.ts';
import type { SweepOptions } from '../options.ts';
import { type Job, runJobs } from './jobs.ts';
import { quoted, trialCommand } from './trial-command.ts';

/**
 * Trains each combination by a command of the user's, so many at a time, and waits for them:
 * `{command}` in its text is what trains one, a line for a shell as one word, and `{index}` its number.
 *
 * @throws WgradError naming the trainings whose commands failed, when the others have ended
 */
export function trainByCommand(
  open: ReadonlyMap<number, TrialSettings>,
  template: string,
  options: SweepOptions,
  signal: AbortSignal,
): Promise<void> {
  const jobs = [...open].map(([index, settings]): Job => {
    const command = `cd ${quoted(process.cwd())} && ${trialCommand(options)} ${index}`;
    const line = template
      .replaceAll('{index}', String(index))
      .replaceAll('{command}', () => quoted(command));
    return { settings, begin: () => begin(line), stop };
  });
  return runJobs(jobs, options.jobs ?? 1, signal);
}

/** In a group of its own, so that what a shell has begun is told of a signal, and once. */
function begin(line: string): ChildProcess {
  return spawn('sh', ['-c', line], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGINT');
  } catch {
    // It has ended by itself.
  }
}
