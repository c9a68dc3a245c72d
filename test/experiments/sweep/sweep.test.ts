import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trainHere } from '../../../experiments/sweep/launchers/local.ts';
import { type SweepOptions, sweepCommand, trialsOf } from '../../../experiments/sweep/options.ts';
import { finishedTrials } from '../../../experiments/trial/run-store.ts';
import { trial } from '../../../experiments/trial/settings.ts';
import { WgradError } from '../../../src/index.ts';
import { ScriptProcess } from '../../examples/script-process.ts';
import { parsed } from '../command/said-by-command.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

const test = suite('a sweep');

const parse = (...args: string[]) => parsed<SweepOptions>(sweepCommand(), args);

test('is every combination, each model on its own images', () => {
  const { options } = parse(
    ...['--models', 'mnist/dnn,fashion/dense, cifar10/simcnn,mnist/dnn', '--lr', '0.1,1e-2,0.1'],
    ...['--optimizers', 'adam,sgd', '--epochs', '3', '--seed', '7', '--limit', '64'],
  );
  const trials = trialsOf(options as SweepOptions);
  assert.is(trials.length, 3 * 2 * 2);
  const usual = { epochs: 3, seed: 7, limit: 64 };
  const data = 'mnist';
  assert.equal(trials[0], trial({ model: 'mnist/dnn', data, lr: 0.1, ...usual }));
  assert.equal(trials[1], trial({ model: 'mnist/dnn', data, lr: 0.01, ...usual }));
  assert.equal(trials[2], trial({ model: 'mnist/dnn', data, optimizer: 'sgd', lr: 0.1, ...usual }));
  assert.equal([...new Set(trials.map((own) => own.data))], ['mnist', 'fashion-mnist', 'cifar-10']);
});

test('has four learning rates and one optimizer where nothing else is said', () => {
  const trials = trialsOf(parse('--models', 'tiny/tiny').options as SweepOptions);
  assert.equal(
    trials,
    [0.1, 0.01, 0.001, 0.0001].map((lr) => trial({ model: 'tiny/tiny', data: 'mnist', lr })),
  );
});

const wrong: [args: string[], sentence: RegExp][] = [
  [[], /required option '--models <names>'/],
  [['--models', 'mnist/gpt'], /There is no 'mnist\/gpt'. Known: mnist\/dnn, /],
  [['--models', 'toString'], /There is no 'toString'/],
  [['--models', 'tiny/tiny', '--lr', '0.1,'], /numbers above 0/],
  [['--models', 'tiny/tiny', '--lr', 'fast'], /numbers above 0/],
  [['--models', 'tiny/tiny', '--optimizers', 'lion'], /There is no 'lion'/],
  [['--models', 'tiny/tiny', '--data', 'imagenet'], /Allowed choices are mnist, /],
  [['--models', 'tiny/tiny', '--jobs', '0'], /whole number from 1/],
  [['--models', 'tiny/tiny', '--launcher', 'pbs'], /Allowed choices are local, slurm, command/],
  [['--models', 'tiny/tiny', '--command', 'ssh node'], /It must have \{command\}/],
  [['--models', 'tiny/tiny', '--epochs', '1.5'], /whole number from 1/],
];

for (const [args, sentence] of wrong) {
  test(`${args.join(' ') || 'nothing'} is refused with a reason`, () => {
    const { said, exitCode } = parse(...args);
    assert.is(exitCode, 1);
    assert.match(said, sentence);
  });
}

test('--help names each option, what is usual and examples', () => {
  const { said, exitCode } = parse('--help');
  assert.is(exitCode, 0);
  const options =
    'models lr optimizers data folder epochs batch-size seed limit jobs launcher command sbatch device runs trial'.split(
      ' ',
    );
  assert.is(sweepCommand().options.length, options.length);
  for (const option of options) assert.match(said, `--${option} <`);
  assert.match(said, '(default: 0.1,0.01,0.001,0.0001)');
  assert.match(said, /Examples:\n {2}npm run sweep -- /);
});

const digits = ['--data', 'generated digits', '--limit', '320', '--epochs', '1'];

test('trains in two processes at a time and prints one table', () =>
  inTemporaryFolder(async (runs) => {
    const args = ['--models', 'mnist/dnn', '--lr', '0.01,1e30', '--jobs', '2', '--runs', runs];
    const { code, said } = await new ScriptProcess('experiments/sweep/main.ts', [
      ...args,
      ...digits,
    ]).ended;
    assert.is(code, 0, said);
    for (const lr of ['0.01', '1e+30']) {
      assert.match(
        said,
        new RegExp(`^\\[mnist/dnn adam ${lr.replace('+', '\\+')}\\] Epoch 1/1`, 'm'),
      );
    }
    assert.match(said, /^test accuracy +lr 0\.01 +lr 1e\+30$/m);
    assert.match(said, /^mnist\/dnn, adam +0\.\d{4} \* +0\.\d{4} diverged$/m);
    const finished = await finishedTrials(runs);
    assert.equal(finished.map(({ settings }) => settings.lr).sort(), [0.01, 1e30]);
    assert.match(await readFile(join(runs, 'sweep-mnist-dnn.svg'), 'utf8'), /^<svg /);
    assert.ok((await readdir(runs)).includes('index.html'));
  }));

test('names the training whose process failed, when the others have ended', () =>
  inTemporaryFolder(async (root) => {
    const common = { data: 'generated digits', limit: 320, epochs: 1 } as const;
    const good = trial({ model: 'mnist/dnn', ...common });
    const bad = trial({ model: 'cifar10/resnet50', weights: 'none.safetensors', ...common });
    const orders = [bad, good].map((settings) => ({
      settings,
      options: { root, dataFolder: undefined },
    }));
    try {
      await trainHere(orders, 2, new AbortController().signal);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, WgradError);
      assert.match((error as Error).message, /^1 of 2 trainings failed:\n {2}cifar10\/resnet50, /);
      assert.match((error as Error).message, /: exit code 1\n/);
    }
    assert.equal(
      (await finishedTrials(root)).map(({ settings }) => settings),
      [good],
    );
  }));

test.run();
