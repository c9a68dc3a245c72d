import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ReproduceOptions, reproduceCommand } from '../../../experiments/reproduce/options.ts';
import type { Report } from '../../../experiments/reproduce/report.ts';
import { reports } from '../../../experiments/reproduce/reports.ts';
import { reproduce, wantedTrials } from '../../../experiments/reproduce/reproduce.ts';
import { readResults } from '../../../experiments/reproduce/results.ts';
import {
  f1Picture,
  outcomeOf,
  sweepPicture,
} from '../../../experiments/trial/comparison-pictures.ts';
import { labelOf, trial } from '../../../experiments/trial/settings.ts';
import { ArgumentError, closeDevice, DataError } from '../../../src/index.ts';
import { parsed } from '../command/said-by-command.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

const test = suite('reproduce');
const { log } = console;
let printed = '';
test.before(() => {
  console.log = (text: string) => {
    printed += `${text}\n`;
  };
});
test.after(() => {
  console.log = log;
  closeDevice();
});

const digits = { model: 'mnist/dnn', data: 'generated digits', limit: 320, epochs: 2 } as const;

/** A report that takes seconds. */
const small: Report = {
  name: 'small',
  title: 'A small report',
  about: 'Of nobody.',
  entries: [
    { settings: trial({ ...digits, lr: 0.01 }), theirs: { accuracy: 0.5, note: 'a|b' } },
    { settings: trial({ ...digits, lr: 0.02 }), theirs: {} },
    { settings: trial({ ...digits, model: 'mnist/convnet' }), theirs: {} },
  ],
  columns: ['f1', 'valLoss'],
  pictures: (results, outcomes) => ({
    'learning rates': sweepPicture(outcomes),
    ...f1Picture(results, outcomes),
    ...Object.fromEntries(
      results.map((own) => [`of ${labelOf(own.settings)}`, sweepPicture([outcomeOf(own)])]),
    ),
  }),
  texts: ([own]): Record<string, string> => (own ? { 'On the test': own.metrics.report } : {}),
};

test('draws and lists all that has ended, and calls the rest open', () =>
  inTemporaryFolder(async (folder) => {
    const page = join(folder, 'docs', 'page.md');
    const call = (more: Partial<ReproduceOptions>) => {
      const options = { device: 'auto', runs: join(folder, 'runs'), page, ...more } as const;
      return reproduce(small, options, new AbortController().signal);
    };
    const rows = async () =>
      (await readFile(page, 'utf8')).match(/^\| mnist\/.*$/gm) as [string, string, string];

    await call({ only: /0\.01,/, epochs: 1 });
    const [short, never, convnet] = await rows();
    assert.match(short, /\| 15,866 +\| 0\.\d{4} \(0\.5, a\\\|b\) +\|.*\| open: 1 of 2 +\|/);
    assert.match(never, /\| 0\.02 .*\| 15,866 +\| – +\| – +\| – +\| open: none of 2 /);
    assert.match(convnet, /\| 93,322 +\|/);

    await call({ only: /0\.02,/ });
    await call({ only: /0\.01,/ });
    const [whole, second, still] = await rows();
    assert.match(whole, /\| 2 +\| \d/);
    assert.match(second, /\| 2 +\| \d/);
    assert.match(still, /open: none of 2/);

    // The last call ran one of the two that are drawn together.
    const drawn = await readFile(join(folder, 'docs/page/small/learning-rates.svg'), 'utf8');
    assert.match(drawn, /0\.01[^0-9]/);
    const text = await readFile(page, 'utf8');
    for (const name of ['learning-rates', 'of-mnist-dnn-adam-0.02-320-images']) {
      assert.match(text, `srcset="page/small/${name}-dark.svg"`);
      assert.match(text, `src="page/small/${name}.svg"`);
    }
    assert.match(text, /On the test:\n\n```\n +precision/);
    assert.match(printed, /^A small report\n\n\| model /m);
    assert.match(printed, /^On the test:\n\n +precision/m);

    // On another machine there are the results and the pictures, but not the runs.
    await rm(join(folder, 'runs'), { recursive: true });
    const before = await readdir(join(folder, 'docs/page/small'));
    await call({ only: /0\.01,/, epochs: 1 });
    assert.equal(await readdir(join(folder, 'docs/page/small')), before);
    assert.is(await readFile(page, 'utf8'), text);
    assert.is((await readResults(join(folder, 'docs/page/results.json'))).length, 3);

    // What is trained there joins the others where the kept results say enough to draw them.
    const picture = (name: string) => readFile(join(folder, `docs/page/small/${name}.svg`), 'utf8');
    const f1 = await picture('f1-by-class');
    await call({ only: /convnet/ });
    for (const name of [/mnist\/dnn/, /mnist\/convnet/]) {
      assert.match(await picture('learning-rates'), name);
    }
    assert.is(await picture('f1-by-class'), f1);
    assert.not.match(f1, /convnet/);
  }));

test('asks for the trainings of a report, in full or in part', () => {
  const report = reports['mnist-residual'] as Report;
  assert.equal(
    wantedTrials(report, {}),
    report.entries.map(({ settings }) => settings),
  );
  const some = wantedTrials(report, { only: /plain/, epochs: 3 });
  assert.equal(some, [trial({ model: 'mnist/plain', data: 'mnist', epochs: 3, inspect: true })]);
  const cifar10 = reports.cifar10 as Report;
  assert.equal(
    wantedTrials(cifar10, { weights: 'w' }).map(({ model, weights }) => [model, weights]),
    [
      ...Array(6).fill(['cifar10/simcnn', null]),
      ['cifar10/resnet50', 'w'],
      ['cifar10/resnet50', 'w'],
    ],
  );
  const refused = (why: RegExp) => (error: unknown) =>
    error instanceof ArgumentError && why.test(error.message);
  assert.throws(
    () => wantedTrials(report, { only: /gpt/ }),
    refused(
      /--only gpt matches no training of mnist-residual\. There are:\n {2}mnist\/dnn, adam 0\.1/,
    ),
  );
  assert.throws(() => wantedTrials(report, { weights: 'w' }), refused(/--weights w: no training/));
});

test('names a file of results that cannot be read', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'results.json');
    assert.equal(await readResults(file), []);
    await writeFile(file, '[{');
    try {
      await readResults(file);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, DataError);
      assert.match((error as Error).message, file);
    }
  }));

const parse = (...args: string[]) => parsed<ReproduceOptions>(reproduceCommand(), args);

const wrong: [args: string[], sentence: RegExp][] = [
  [[], /missing required argument 'report'/],
  [['gpt'], /Allowed choices are mnist-lr, mnist-residual, fashion, tiny, cifar10\./],
  [['tiny', '--epochs', '0'], /whole number from 1/],
  [['tiny', '--only', '('], /Invalid regular expression/],
  [['cifar10', '--weights', 'none.safetensors'], /There is no such file/],
  [['tiny', '--device', 'tpu'], /Allowed choices are auto, webgpu, wasm\./],
];

for (const [args, sentence] of wrong) {
  test(`${args.join(' ') || 'nothing'} is refused with a reason`, () => {
    const { said, exitCode } = parse(...args);
    assert.is(exitCode, 1);
    assert.match(said, sentence);
  });
}

test('--help names each report and option, what is usual and examples', () => {
  const { said, exitCode } = parse('--help');
  assert.is(exitCode, 0);
  const options = 'device epochs only list data weights runs page'.split(' ');
  assert.is(reproduceCommand().options.length, options.length);
  for (const option of options) assert.match(said, `--${option} `);
  for (const name of Object.keys(reports)) assert.match(said, `"${name}"`);
  assert.match(said, /Examples:\n {2}npm run reproduce -- /);
});

test.run();
