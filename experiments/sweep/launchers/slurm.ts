import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { WgradError } from 'wgrad';
import { writeWhole } from '../../runs/whole-file.ts';
import type { SweepOptions } from '../options.ts';
import { quoted, trialCommand } from './trial-command.ts';

const run = promisify(execFile);

/**
 * Hands the combinations of these numbers to SLURM as a job array and resolves to what to tell its
 * user; the array goes on by itself. One that is still queued or running is not submitted again.
 *
 * @throws WgradError with SLURM's own words where it refuses
 */
export async function submit(indices: readonly number[], options: SweepOptions): Promise<string> {
  const name = `sweep-${createHash('sha256').update(trialCommand(options)).digest('hex').slice(0, 8)}`;
  const file = join(options.runs, `${name}.sbatch`);
  const again = 'When its trainings have ended, the same command prints their table.';
  const queued = await slurm('squeue', ['--me', '--noheader', '--format=%F', `--name=${name}`]);
  if (queued) return `SLURM has this sweep still as job ${queued.split('\n')[0]}. ${again}`;
  await writeWhole(file, jobArray(name, indices, options));
  const submitted = await slurm('sbatch', ['--parsable', file]);
  if (submitted === undefined) {
    return `${file} is written, but SLURM's commands are not here. On a machine that has them: sbatch ${file}`;
  }
  const [job] = submitted.split(';');
  return `SLURM has ${indices.length} trainings as job ${job} of ${file}; what they say is beside it. ${again}`;
}

/** The script of a job array, a task for each number. */
export function jobArray(name: string, indices: readonly number[], options: SweepOptions): string {
  const atATime = options.jobs === undefined ? '' : `%${options.jobs}`;
  const directives = [
    `--job-name=${name}`,
    `--array=${indices.join()}${atATime}`,
    `--output=${quoted(join(resolve(options.runs), `${name}-%a.log`))}`,
    '--open-mode=append',
    '--requeue',
    // A minute before its time is over a training is asked to write a checkpoint and to end.
    '--signal=B:INT@60',
    ...(options.sbatch === undefined ? [] : [options.sbatch]),
  ];
  return [
    '#!/bin/bash',
    '# Written by npm run sweep. A task trains one combination; one that has ended is not trained again.',
    ...directives.map((directive) => `#SBATCH ${directive}`),
    `cd ${quoted(process.cwd())} || exit 1`,
    'export WGRAD_THREADS="$' + '{WGRAD_THREADS:-$SLURM_CPUS_ON_NODE}"',
    // In the shell's place, so that it is told of the signal.
    `exec ${trialCommand(options)} "$SLURM_ARRAY_TASK_ID"`,
    '',
  ].join('\n');
}

/** What a command of SLURM prints; undefined where there is no such command. */
async function slurm(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command, args)).stdout.trim();
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT') return undefined;
    throw new WgradError(`${command} failed: ${stderr.trim() || error}`, { cause: error });
  }
}
