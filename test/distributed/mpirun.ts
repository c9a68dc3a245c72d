// Programs started as several ranks, by each MPI that this machine has.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS } from './programs/hand-over.ts';

const loaders = ['tsx', fileURLToPath(new URL('../../scripts/wgsl-loader.mjs', import.meta.url))];
const programs = fileURLToPath(new URL('programs/', import.meta.url));

interface Launcher {
  readonly name: string;
  readonly command: readonly string[];
}

const LAUNCHERS: readonly Launcher[] = [
  { name: 'MPICH', command: ['mpirun.mpich'] },
  { name: 'Open MPI', command: ['mpirun.openmpi', '--oversubscribe', '--allow-run-as-root'] },
];

/** The launchers there are; the first is MPICH's, where it is there. */
export const launchers = LAUNCHERS.filter(({ name, command: [program = ''] }) => {
  const isThere = spawnSync(program, ['--version']).status === 0;
  if (!isThere)
    console.log(`    no ${program}: ranks of ${name} are left out (scripts/setup-mpi.sh)`);
  return isThere;
});

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What ranks have handed over, in their order. */
  readonly results: readonly never[];
}

/** The command that runs a script, with other modules loaded before it. */
export function script(file: string, ...before: readonly string[]): readonly string[] {
  return [process.execPath, ...[...loaders, ...before].flatMap((one) => ['--import', one]), file];
}

/** The command that runs one of the programs in the folder beside this file. */
export function commandOf(program: string): readonly string[] {
  return script(`${programs}${program}.ts`);
}

/** Starts one of the programs in the folder beside this file, or another command, as so many ranks, of one thread each, and waits for its end.
 * `heard` is told what one of the streams has so far. */
export async function ranks(
  size: number,
  program: string | readonly string[],
  args: readonly string[] = [],
  { launcher = launchers[0], killAfter = 300, heard = (_text: string, _pid: number) => {} } = {},
): Promise<Outcome> {
  const command = typeof program === 'string' ? commandOf(program) : program;
  const whole = [...command, ...args];
  const [name = '', ...options] = launcher?.command ?? [];
  const [file = '', ...rest] = size === 0 ? whole : [name, ...options, '-n', `${size}`, ...whole];
  const folder = await mkdtemp(join(tmpdir(), 'ranks-'));
  const env = { ...process.env, WGRAD_THREADS: '1', WGRAD_DEVICE: 'wasm', [RESULTS]: folder };
  const child = spawn(file, rest, { env, timeout: killAfter * 1000, killSignal: 'SIGKILL' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
    heard(stdout, child.pid ?? 0);
  });
  child.stderr.on('data', (text) => {
    stderr += text;
    heard(stderr, child.pid ?? 0);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const results = await handedOver(folder);
  await rm(folder, { recursive: true });
  return { code, stdout, stderr, results };
}

async function handedOver(folder: string): Promise<readonly never[]> {
  const names = (await readdir(folder)).sort((one, other) => Number(one) - Number(other));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => JSON.parse(text)) as never[];
}
