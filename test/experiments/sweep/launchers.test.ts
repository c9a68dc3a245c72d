import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jobArray } from '../../../experiments/sweep/launchers/slurm.ts';
import { type SweepOptions, sweepCommand } from '../../../experiments/sweep/options.ts';
import { finishedTrials } from '../../../experiments/trial/run-store.ts';
import { type Ended, ScriptProcess } from '../../examples/script-process.ts';
import { parsed } from '../command/said-by-command.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';
import { emptied, missingSlurm, withCluster } from './slurm-cluster.ts';

const test = suite("a sweep's launchers");

const GRID = ['--models', 'mnist/dnn', '--lr', '0.01,0.02'];
const DIGITS = ['--data', 'generated digits', '--limit', '320', '--epochs', '1'];

function sweep(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const given = [...GRID, ...DIGITS, ...args];
  return new ScriptProcess('experiments/sweep/main.ts', given, environment).ended;
}

const rates = async (runs: string) =>
  (await finishedTrials(runs)).map(({ settings }) => settings.lr).sort();

test('--trial trains the one combination of that number', () =>
  inTemporaryFolder(async (runs) => {
    const { code, said } = await sweep(['--runs', runs, '--trial', '1']);
    assert.is(code, 0, said);
    assert.equal(await rates(runs), [0.02]);
    const beyond = await sweep(['--runs', runs, '--trial', '2']);
    assert.is(beyond.code, 1);
    assert.match(beyond.said, /--trial 2: there are 2 combinations, with the numbers from 0 to 1/);
  }));

test('a command trains each, its folder with a space and a quote, and what has ended only once', () =>
  inTemporaryFolder(async (folder) => {
    const runs = join(folder, "it's shared");
    const log = join(folder, 'log');
    const template = `echo {index} >> ${log}; sh -c {command}`;
    const args = ['--launcher', 'command', '--command', template, '--jobs', '2', '--runs', runs];
    const first = await sweep(args);
    assert.is(first.code, 0, first.said);
    assert.match(first.said, /^\[mnist\/dnn adam 0\.02\] Epoch 1\/1/m);
    assert.match(first.stdout, /^test accuracy +lr 0\.01 +lr 0\.02$/m);
    assert.equal(await rates(runs), [0.01, 0.02]);
    assert.equal((await readFile(log, 'utf8')).trim().split('\n').sort(), ['0', '1']);
    const second = await sweep(args);
    assert.is(second.code, 0, second.said);
    assert.is(second.stdout.split('\n')[1], first.stdout.split('\n')[1]);
    assert.is((await readFile(log, 'utf8')).trim().split('\n').length, 2);
  }));

test('names the trainings whose command failed, and tells of those it left open', () =>
  inTemporaryFolder(async (runs) => {
    const given = ['--runs', runs, '--launcher', 'command'];
    const failing = await sweep([
      ...given,
      '--command',
      'test {index} = 0 && sh -c {command} || exit 3',
    ]);
    assert.is(failing.code, 1);
    assert.match(
      failing.said,
      /1 of 2 trainings failed:\n {2}mnist\/dnn, adam 0\.02.*: exit code 3/,
    );
    const queueing = await sweep([...given, '--command', 'echo queued {command}']);
    assert.is(queueing.code, 1);
    assert.match(queueing.said, /1 of 2 trainings have not ended, though their commands have/);
    assert.match(queueing.stdout, /^mnist\/dnn, adam +0\.\d{4} \* +–$/m);
  }));

for (const [args, sentence] of [
  [['--launcher', 'command'], /--launcher command: say how it trains, as in --command 'ssh /],
  [['--launcher', 'slurm', '--command', '{command}'], /--command is for --launcher command; this/],
  [['--launcher', 'local', '--sbatch', '--time=1'], /--sbatch is for --launcher slurm; this is/],
] as const) {
  test(`${args.join(' ')} is refused`, async () => {
    const { code, said } = await sweep(args);
    assert.is(code, 1);
    assert.match(said, sentence);
  });
}

const script = (runs: string, ...args: string[]) => {
  const given = [...GRID, ...DIGITS, '--runs', runs, '--sbatch', '--time=5 --mem=2G', ...args];
  return jobArray('sweep-1', [0, 1], parsed<SweepOptions>(sweepCommand(), given).options!);
};

test("SLURM's script asks for what it is told to", () => {
  const lines = script('/shared/my runs', '--jobs', '4').split('\n');
  assert.is(lines[0], '#!/bin/bash');
  const asked = lines.filter((line) => line.startsWith('#SBATCH ')).map((line) => line.slice(8));
  assert.equal(asked, [
    '--job-name=sweep-1',
    '--array=0,1%4',
    "--output='/shared/my runs/sweep-1-%a.log'",
    '--open-mode=append',
    '--requeue',
    '--signal=B:INT@60',
    '--time=5 --mem=2G',
  ]);
  assert.match(script('runs'), /^#SBATCH --array=0,1$/m);
});

/** A folder with commands of SLURM that note what they are asked, and print this. */
async function withCommands(folder: string, squeue: string, sbatch: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, text] of Object.entries({ squeue, sbatch })) {
    await writeFile(join(bin, name), `#!/bin/sh\necho ${name} "$@" >> ${folder}/asked\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return `${bin}:${process.env.PATH}`;
}

test('submits what is open once, as a script that trains', () =>
  inTemporaryFolder(async (folder) => {
    const runs = join(folder, 'runs');
    const args = ['--launcher', 'slurm', '--runs', runs];
    const PATH = await withCommands(folder, 'exit 0', 'echo 42;');
    const { code, said, stdout } = await sweep(args, { PATH });
    assert.is(code, 0, said);
    const [, file = ''] = /2 trainings as job 42 of (.*\.sbatch)/.exec(stdout) ?? [];
    assert.match(await readFile(join(folder, 'asked'), 'utf8'), `sbatch --parsable ${file}`);
    assert.equal(await rates(runs), []);
    const task = { SLURM_ARRAY_TASK_ID: '1', SLURM_CPUS_ON_NODE: '1' };
    await promisify(execFile)('bash', [file], { env: { ...process.env, ...task } });
    assert.equal(await rates(runs), [0.02]);
  }));

test('leaves an array alone that is still there, and passes on why SLURM refuses one', async () => {
  await inTemporaryFolder(async (folder) => {
    const PATH = await withCommands(folder, 'echo 41', 'exit 1');
    const { code, stdout } = await sweep(['--launcher', 'slurm', '--runs', folder], { PATH });
    assert.is(code, 0);
    assert.match(stdout, /SLURM has this sweep still as job 41\./);
    assert.not.match(await readFile(join(folder, 'asked'), 'utf8'), /sbatch/);
  });
  await inTemporaryFolder(async (folder) => {
    const PATH = await withCommands(folder, 'exit 0', 'echo invalid partition >&2; exit 1');
    const { code, said } = await sweep(['--launcher', 'slurm', '--runs', folder], { PATH });
    assert.is(code, 1);
    assert.match(said, /^sbatch failed: invalid partition$/m);
  });
});

const missing = missingSlurm();
if (missing !== undefined) console.log(`A sweep on SLURM itself is left out: ${missing}`);
else {
  test('SLURM itself trains all, and the same command prints the table', () =>
    inTemporaryFolder((folder) =>
      withCluster(folder, async (cluster) => {
        const args = [
          '--launcher',
          'slurm',
          '--sbatch',
          '--time=5',
          '--runs',
          join(folder, 'runs'),
        ];
        const submitted = await sweep(args, cluster);
        assert.match(submitted.stdout, /^SLURM has 2 trainings as job \d+ of /, submitted.said);
        await emptied(cluster);
        assert.equal(await rates(join(folder, 'runs')), [0.01, 0.02]);
        const { code, said, stdout } = await sweep(args, cluster);
        assert.is(code, 0, said);
        assert.match(stdout, /^mnist\/dnn, adam +0\.\d{4}.* +0\.\d{4}/m);
      }),
    ));
}

test.run();
