import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DAEMONS = ['slurmctld', 'slurmd'] as const;

/** Why SLURM cannot be started here; undefined where it can. */
export function missingSlurm(): string | undefined {
  const missing = [...DAEMONS, 'sbatch', 'squeue'].find(
    (command) => spawnSync(command, ['-V']).error !== undefined,
  );
  if (missing !== undefined) return `${missing} is not here: scripts/setup-slurm.sh`;
  return process.getuid?.() === 0 ? undefined : 'slurmd wants to be started by root';
}

/** A cluster of this machine alone, with all its files in a folder, while it is used. */
export async function withCluster(
  folder: string,
  use: (environment: { readonly SLURM_CONF: string }) => Promise<void>,
): Promise<void> {
  const conf = join(folder, 'slurm.conf');
  const [controller, node] = [await freePort(), await freePort()];
  await Promise.all(['state', 'spool'].map((name) => mkdir(join(folder, name))));
  const settings = {
    ClusterName: 'wgrad',
    SlurmctldHost: `${hostname()}(127.0.0.1)`,
    SlurmctldPort: controller,
    SlurmdPort: node,
    SlurmUser: 'root',
    AuthType: 'auth/none',
    CredType: 'cred/none',
    StateSaveLocation: join(folder, 'state'),
    SlurmdSpoolDir: join(folder, 'spool'),
    SlurmctldPidFile: join(folder, 'slurmctld.pid'),
    SlurmdPidFile: join(folder, 'slurmd.pid'),
    SlurmctldLogFile: join(folder, 'slurmctld.log'),
    SlurmdLogFile: join(folder, 'slurmd.log'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    SchedulerParameters: 'sched_interval=1,batch_sched_delay=1',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  lines.push(`NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`);
  lines.push('PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP');
  await writeFile(conf, `${lines.join('\n')}\n`);
  const environment = { SLURM_CONF: conf };
  try {
    // They go on in the background, and are found by their files.
    for (const daemon of DAEMONS) await run(daemon, ['-f', conf]);
    await use(environment);
  } finally {
    for (const daemon of DAEMONS) await end(join(folder, `${daemon}.pid`));
  }
}

/** Resolves when nothing is queued or running any more. */
export async function emptied(environment: Readonly<Record<string, string>>): Promise<void> {
  const env = { ...process.env, ...environment };
  const queue = () => run('squeue', ['--noheader'], { env });
  while ((await queue()).stdout.trim() !== '') await sleep(300);
}

async function end(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!pid) return;
  const isAlive = (signal: NodeJS.Signals | 0) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  for (isAlive('SIGTERM'); isAlive(0); await sleep(50));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A port has a number.');
  return address.port;
}
