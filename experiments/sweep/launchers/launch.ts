import { ArgumentError } from 'wgrad';
import type { TrialSettings } from '../../trial/settings.ts';
import type { SweepOptions } from '../options.ts';
import { trainByCommand } from './command.ts';
import { trainHere } from './local.ts';
import { submit } from './slurm.ts';

/**
 * Has combinations trained by other processes, and resolves when they have ended, or, where they
 * go on by themselves, to what to tell the user.
 *
 * @throws WgradError naming the trainings that failed, when the others have ended
 */
export async function launch(
  open: ReadonlyMap<number, TrialSettings>,
  options: SweepOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { launcher, command, jobs = 1, runs: root, device, folder: dataFolder } = options;
  if (launcher === 'slurm') return submit([...open.keys()], options);
  if (command !== undefined) await trainByCommand(open, command, options, signal);
  else {
    const own = { root, device, dataFolder };
    const orders = [...open.values()].map((settings) => ({ settings, options: own }));
    await trainHere(orders, jobs, signal);
  }
  return undefined;
}

/** @throws ArgumentError where a launcher lacks its command, or another has it */
export function checkLauncher({ launcher, command, sbatch }: SweepOptions): void {
  if (launcher === 'command' && command === undefined) {
    throw new ArgumentError(
      "--launcher command: say how it trains, as in --command 'ssh node{index} {command}'.",
    );
  }
  for (const [option, value, its] of [
    ['--command', command, 'command'],
    ['--sbatch', sbatch, 'slurm'],
  ] as const) {
    if (value === undefined || launcher === its) continue;
    throw new ArgumentError(`${option} is for --launcher ${its}; this is --launcher ${launcher}.`);
  }
}
