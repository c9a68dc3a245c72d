// The batch script of docs/distributed.md, on a SLURM of this machine.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { missingSlurm, withCluster } from '../experiments/sweep/slurm-cluster.ts';
import { commandOf, launchers, type Outcome, ranks } from './mpirun.ts';

const test = suite('distributed/slurm');

const page = new URL('../../docs/distributed.md', import.meta.url);
const OPTIONS = JSON.stringify({ epochs: 1, optimizer: 'adam' });
/** This machine in the place of four. */
const SIZES = ['--nodes=1', '--ntasks-per-node=2', '--cpus-per-task=1'];

interface Trained {
  readonly losses: readonly number[];
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ranks-of-slurm-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The script of the page, for another program. */
async function batchScript(command: readonly string[]): Promise<string> {
  const [, script = ''] = /```bash\n(#!.*?)```/s.exec(await readFile(page, 'utf8')) ?? [];
  const words = command.map((word) => `'${word}'`).join(' ');
  assert.match(script, 'node train.ts');
  return script.replace('node train.ts', words);
}

/** Submits a script, and waits for its end oftener than sbatch --wait does. */
const SUBMIT = 'sbatch "$@" && while [ -n "$(squeue --noheader)" ]; do sleep 0.2; done';

/** Waits for a command of SLURM, whose tasks may hand over what they come to. */
async function onSlurm(conf: string, command: readonly string[]): Promise<Outcome> {
  process.env.SLURM_CONF = conf;
  try {
    return await ranks(0, command, [], { killAfter: 60 });
  } finally {
    delete process.env.SLURM_CONF;
  }
}

const missing = launchers[0]?.name === 'MPICH' ? missingSlurm() : 'there is no MPICH';
if (missing !== undefined) {
  console.log(`    ranks on SLURM are left out: ${missing}`);
} else {
  test('the batch script trains two ranks to the losses of one, and srun without MPI is refused', () =>
    withFolder((folder) =>
      withCluster(folder, async ({ SLURM_CONF }) => {
        const [file, said] = [join(folder, 'train.sh'), join(folder, 'said')];
        await writeFile(file, await batchScript([...commandOf('training'), OPTIONS]));
        const options = [`--output=${said}`, ...SIZES];
        const submit = ['bash', '-c', SUBMIT, 'submit', ...options, file];
        const { stderr, results } = await onSlurm(SLURM_CONF, submit);
        const all = results as readonly Trained[];
        assert.is(all.length, 2, stderr + (await readFile(said, 'utf8').catch(() => '')));
        const [one] = (await ranks(1, 'training', [OPTIONS])).results as readonly Trained[];
        for (const { losses } of all) {
          assert.is(losses.length, 10);
          losses.forEach((loss, i) => {
            const wanted = one?.losses[i] ?? 0;
            assert.ok(Math.abs(loss - wanted) <= 1e-5, `step ${i + 1}: ${loss} is not ${wanted}`);
          });
        }

        const apart = await onSlurm(SLURM_CONF, ['srun', '-n', '2', ...commandOf('training')]);
        assert.is(apart.code, 1);
        assert.equal(apart.results, []);
        assert.match(apart.stderr, /^DistributedError: srun has started 2 tasks/m);
      }),
    ));
}

test.run();
