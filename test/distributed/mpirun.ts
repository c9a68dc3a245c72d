// Programs started as several ranks, by each MPI that this machine has.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const loaders = ['tsx', fileURLToPath(new URL('../../scripts/wgsl-loader.mjs', import.meta.url))];
const programs = fileURLToPath(new URL('programs/', import.meta.url));

interface Launcher {
  readonly name: string;
  readonly command: readonly string[];
}

/** The launchers there are; the first is MPICH's, where it is there. */
export const launchers: readonly Launcher[] = [
  { name: 'MPICH', command: ['mpirun.mpich'] },
  { name: 'Open MPI', command: ['mpirun.openmpi', '--oversubscribe', '--allow-run-as-root'] },
].filter(({ command: [program = ''] }) => spawnSync(program, ['--version']).status === 0);

if (launchers.length === 0) {
  console.log('    no mpirun.mpich: what needs several ranks is left out (scripts/setup-mpi.sh)');
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What ranks have printed as lines of JSON. */
  readonly results: readonly never[];
}

/** Starts one of the programs beside this file as so many ranks, of one thread each, and waits for its end. */
export async function ranks(
  size: number,
  program: string,
  args: readonly string[] = [],
  { launcher = launchers[0], killAfter = 120, started = (_: number) => {} } = {},
): Promise<Outcome> {
  const imports = loaders.flatMap((loader) => ['--import', loader]);
  const node = [process.execPath, ...imports, `${programs}${program}.ts`, ...args];
  const [name = '', ...options] = launcher?.command ?? [];
  const [file = '', ...rest] = size === 0 ? node : [name, ...options, '-n', `${size}`, ...node];
  const env = { ...process.env, WGRAD_THREADS: '1', WGRAD_DEVICE: 'wasm' };
  const child = spawn(file, rest, { env, timeout: killAfter * 1000, killSignal: 'SIGKILL' });
  started(child.pid ?? 0);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { code, stdout, stderr, results: lines.map((line) => JSON.parse(line)) as never[] };
}
