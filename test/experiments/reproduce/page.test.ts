import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileNameOf, picturesIn, writeSection } from '../../../experiments/reproduce/page.ts';
import type { Report } from '../../../experiments/reproduce/report.ts';
import { keepResults, type Result, standIn } from '../../../experiments/reproduce/results.ts';
import { markdownTable } from '../../../experiments/reproduce/table.ts';
import { type TrialSettings, trial } from '../../../experiments/trial/settings.ts';
import { DataError } from '../../../src/index.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

const test = suite('the page of results');

function reportOf(name: string, entries: Report['entries']): Report {
  return {
    name,
    title: `The ${name}`,
    about: 'About.',
    entries,
    columns: ['f1', 'auc'],
    pictures: () => ({}),
  };
}

function result(settings: TrialSettings, given: Partial<Result> = {}): Result {
  const scores = { accuracy: 0.9, precision: 0.8, recall: 0.7, f1: 0.6, auc: 0.95 };
  const losses = { trainLoss: 0.1, trainAccuracy: 0.99, valLoss: 0.2, valAccuracy: 0.91 };
  const { epochs } = settings;
  const rest = {
    status: 'finished',
    device: 'CPU',
    parameters: 10,
    epochs,
    secondsPerEpoch: 12.34,
  };
  return { settings, ...rest, ...scores, ...losses, ...given };
}

const tiny = trial({ model: 'tiny/tiny', data: 'mnist', lr: 0.1 });
const resnet50 = trial({ model: 'cifar10/resnet50', data: 'cifar-10' });

const cellsOf = (table: string) =>
  table.split('\n').map((line) =>
    line
      .slice(2, -2)
      .split(/ +\| /)
      .map((cell) => cell.trim()),
  );

test('sets ours beside theirs, a row for each training', () => {
  const own = reportOf('one', [
    { settings: tiny, theirs: { accuracy: 0.991, f1: 0.5, note: 'x' } },
  ]);
  const [head, rule, row] = cellsOf(markdownTable(own, [result(tiny)]));
  assert.equal(head, [
    ...['model', 'learning rate', 'parameters', 'test accuracy (theirs)', 'macro F1 (theirs)'],
    ...['ROC AUC (theirs)', 'epochs', 's / epoch', 'batch', 'seed', 'device'],
  ]);
  assert.ok(rule?.every((cell) => /^-+$/.test(cell)));
  assert.equal(row, [
    ...['tiny/tiny', '0.1', '10', '0.9000 (0.991, x)', '0.6000 (0.5)', '0.9500'],
    ...['10', '12.3', '32', '0', 'CPU'],
  ]);
});

test('lines up its columns, so that it reads as text too', () => {
  const own = reportOf('one', [
    { settings: tiny, theirs: {} },
    { settings: resnet50, theirs: {} },
  ]);
  const lines = markdownTable(own, [result(tiny)]).split('\n');
  assert.is(new Set(lines.map(({ length }) => length)).size, 1);
});

test('says what was not run, not in full, stopped or diverged', () => {
  const rowOf = (...results: Result[]) =>
    cellsOf(markdownTable(reportOf('one', [{ settings: tiny, theirs: {} }]), results))[2] ?? [];
  assert.equal(rowOf().slice(2, 8), ['6,722', '–', '–', '–', 'open: none of 10', '']);
  const short = { ...tiny, epochs: 3 };
  assert.is(rowOf(result(short))[6], 'open: 3 of 10');
  assert.is(rowOf(result(tiny, { epochs: 7, status: 'stopped' }))[6], '7, stopped early');
  const diverged = { epochs: 0, status: 'diverged', secondsPerEpoch: null, auc: null };
  assert.equal(rowOf(result(tiny, diverged)).slice(5, 8), ['–', '0, then diverged', '']);
  assert.is(rowOf(result(short, { ...diverged }))[6], 'open: 0 of 10, then diverged');
});

test('takes a shorter training for a whole one, the longest, and no other', () => {
  const [one, three] = [1, 3].map((epochs) => result({ ...tiny, epochs })) as [Result, Result];
  const others = [
    result({ ...tiny, epochs: 11 }),
    result({ ...tiny, seed: 1 }),
    result({ ...tiny, lr: 0.2 }),
  ];
  assert.is(standIn(tiny, others), undefined);
  assert.is(standIn(tiny, [one, three, ...others]), three);
  const whole = result(tiny);
  assert.is(standIn(tiny, [one, whole, three]), whole);
});

test('gives a training from weights of others a row of its own below', () => {
  const own = reportOf('one', [
    { settings: resnet50, theirs: { accuracy: 0.793 } },
    { settings: tiny, theirs: {} },
  ]);
  const pretrained = { ...resnet50, weights: 'timm.safetensors' };
  const rows = cellsOf(markdownTable(own, [result(pretrained), result(tiny)])).slice(2);
  assert.equal(
    rows.map(([model, , , accuracy]) => [model, accuracy]),
    [
      ['cifar10/resnet50', '– (0.793)'],
      ['cifar10/resnet50, pretrained', '0.9000 (0.793)'],
      ['tiny/tiny', '0.9000'],
    ],
  );
});

test('keeps what Markdown would take for markup', () => {
  const own = reportOf('one', [{ settings: tiny, theirs: { accuracy: 0.5, note: 'a|b *c*\nd' } }]);
  const table = markdownTable(own, [result(tiny, { device: '<b>`x`_y_' })]);
  assert.is(table.split('\n').length, 3);
  assert.match(table, '0.9000 (0.5, a\\|b \\*c\\* d)');
  assert.match(table, '\\<b>\\`x\\`\\_y\\_');
});

test('keeps one result of each training, the newest', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'new', 'results.json');
    await keepResults(file, [result(tiny), result(resnet50)]);
    const kept = await keepResults(file, [result(tiny, { accuracy: 0.5 })]);
    assert.equal(kept.map(({ accuracy }) => accuracy).sort(), [0.5, 0.9]);
    assert.equal(JSON.parse(await readFile(file, 'utf8')), kept);
  }));

test('writes a section anew and leaves the others as they are', () =>
  inTemporaryFolder(async (folder) => {
    const page = join(folder, 'page.md');
    const [one, two] = ['one', 'two'].map((name) =>
      reportOf(name, [{ settings: tiny, theirs: {} }]),
    ) as [Report, Report];
    const none = { pictures: {}, texts: {} };
    await writeSection(page, one, [], none);
    await writeSection(page, two, [], { ...none, texts: { Scores: 'a $& b' } });
    const before = await readFile(page, 'utf8');
    assert.match(before, /^# Results\n/);
    await writeFile(page, before.replace('## The two', 'By hand.\n\n## The two'));
    await writeSection(page, one, [result(tiny)], {
      pictures: { 'a "b"': 'page/one/a b' },
      texts: {},
    });
    const after = await readFile(page, 'utf8');
    const sectionOf = (text: string, name: string) =>
      text.slice(text.indexOf(`<!-- ${name} -->`), text.indexOf(`<!-- /${name} -->`));
    assert.match(sectionOf(before, 'one'), 'open: none of 10');
    assert.not.match(sectionOf(after, 'one'), 'open');
    assert.match(
      sectionOf(after, 'one'),
      '<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="page/one/a%20b-dark.svg">\n' +
        '  <img alt="a &quot;b&quot;" src="page/one/a%20b.svg">\n</picture>',
    );
    assert.match(sectionOf(after, 'two'), 'By hand.\n\n## The two');
    assert.match(sectionOf(after, 'two'), 'Scores:\n\n```\na $& b\n```');
    assert.is(after.split('<!-- one -->').length, 2);

    await writeFile(page, after.replace('<!-- /one -->', ''));
    try {
      await writeSection(page, one, [], none);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, DataError);
      assert.match((error as Error).message, /<!-- one --> and <!-- \/one --> do not go together/);
    }
  }));

test('shows what is drawn now first, then what was drawn before', () =>
  inTemporaryFolder(async (folder) => {
    assert.is(fileNameOf('roc mnist/dnn, lr 0.1'), 'roc-mnist-dnn-lr-0.1');
    await mkdir(join(folder, 'one'));
    for (const name of ['a', 'a-dark', 'roc-b', 'roc-b-dark']) {
      await writeFile(join(folder, 'one', `${name}.svg`), '');
    }
    await writeFile(join(folder, 'one', 'note.txt'), '');
    const pictures = await picturesIn(folder, 'one', ['z x', 'roc b']);
    const base = folder.split(/[\\/]/).at(-1);
    assert.equal(Object.entries(pictures), [
      ['z x', `${base}/one/z-x`],
      ['roc b', `${base}/one/roc-b`],
      ['a', `${base}/one/a`],
    ]);
  }));

test.run();
