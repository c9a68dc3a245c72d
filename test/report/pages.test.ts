import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as report from '../../src/report/index.ts';
import { writeJson } from '../../src/report/json-file.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const test = suite('pages');
const EVIL = `<script>alert("x")</script>&'`;

/** A finished run of two classes. */
async function finished(
  root: string,
  model: string,
  accuracy: number,
  dataset?: string,
): Promise<string> {
  const folder = await report.createRun(root, model, {
    command: EVIL,
    ...(dataset && { dataset }),
    lr: 0.001,
    nested: { a: 1 },
  });
  await writeJson(join(folder, 'history.json'), [
    { epoch: 1, loss: 0.5, valLoss: 0.6, valAccuracy: 0.8, lr: 0.001, seconds: 61, extra: 12345 },
    { epoch: 2, loss: Number.NaN, valLoss: 0.4, valAccuracy: 0.7, lr: 0.001, seconds: 2 },
  ]);
  await writeJson(join(folder, 'metrics.json'), {
    status: 'finished',
    accuracy,
    macroF1: accuracy - 0.01,
    logLoss: 1 - accuracy,
    classNames: ['cat', EVIL],
    confusion: [
      [3, 1],
      [0, 2],
    ],
    perClass: [
      { precision: 1, recall: 0.75, f1: 6 / 7, support: 4 },
      { precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
    ],
    roc: [
      { fpr: [0, 1], tpr: [0, 1], auc: 0.5 },
      { fpr: [], tpr: [], auc: null },
    ],
  } satisfies report.RunMetrics);
  return folder;
}

/** A page asks for nothing from elsewhere, and what it was given as text stays text. */
function assertSafe(page: string): void {
  assert.not.ok(page.includes('<script>alert'), 'markup in data is escaped');
  for (const [, address] of page.matchAll(/\b(?:src|srcset|href)="([^"]*)"/g)) {
    assert.not.match(address!, /^(?!data:)[a-z]+:|^\/\//i);
  }
  assert.not.match(page, /url\(|@import|<link|<iframe/);
}

/** The SVGs of a page, decoded. */
function pictures(page: string): string[] {
  const sources = page.matchAll(/src="data:image\/svg\+xml;base64,([^"]*)"/g);
  return [...sources].map(([, data]) => Buffer.from(data!, 'base64').toString());
}

/** The texts of a table's cells, row by row; the table is the one with a heading's name. */
function rows(page: string, heading: string): string[][] {
  const table = page.split('<table>').find((part) => part.includes(`>${heading}<`))!;
  const trs = table.split('</table>')[0]!.split('</tr>').slice(0, -1);
  return trs.map((tr) =>
    [...tr.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
      cell!.replace(/<[^>]*>/g, ''),
    ),
  );
}

test('a report holds scores, tables and pictures in both themes', () =>
  inTemporaryFolder(async (root) => {
    const folder = await finished(root, 'dnn', 5 / 6);
    await report.saveRunPicture(
      folder,
      'filters',
      report.filters({ shape: [1, 1, 1, 1], values: [1] }),
    );
    const file = await report.writeReport(folder);
    assert.is(file, join(folder, 'report.html'));
    const page = await readFile(file, 'utf8');
    assertSafe(page);
    assert.ok(page.includes('83.33 %'));
    assert.ok(page.includes('1 min 03 s'));
    assert.equal(rows(page, 'precision').slice(1), [
      ['cat', '1.0000', '0.7500', '0.8571', '4'],
      [
        '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;',
        '0.6667',
        '1.0000',
        '0.8000',
        '2',
      ],
      ['macro average', '0.8333', '0.8750', '0.8286', '6'],
      ['weighted average', '0.8889', '0.8333', '0.8381', '6'],
    ]);
    assert.equal(rows(page, 'validation loss'), [
      ['epoch', 'loss', 'validation loss', 'validation accuracy', 'learning rate', 'time', 'extra'],
      ['1', '0.5000', '0.6000', '80.00 %', '0.001', '1 min 01 s', '12,345'],
      ['2', '–', '0.4000', '70.00 %', '0.001', '2.0 s', '–'],
    ]);
    const titles = pictures(page).map((svg) => /<title>(.*?)<\/title>/.exec(svg)![1]);
    const drawn = ['Loss', 'Accuracy', 'Confusion matrix', 'ROC, each class against the rest'];
    const shown = [...drawn, 'Precision, recall and F1'];
    // Light and dark, for wide pages and for narrow ones; the one filter is narrow as it is.
    assert.equal(titles, [
      ...shown.flatMap((title) => [title, title, title, title]),
      'First-layer filters',
      'First-layer filters',
    ]);
    for (const [at, svg] of pictures(page).entries()) {
      assert.ok(svg.includes(report.themes[at % 2 ? 'dark' : 'light'].background));
    }
  }));

test('what ranks did with their time is a table and a picture', () =>
  inTemporaryFolder(async (root) => {
    const folder = await finished(root, 'dnn', 0.5);
    await writeJson(join(folder, 'ranks.json'), [
      { rank: 0, host: EVIL, examples: 1200, computing: 90, waiting: 0, reducing: 10 },
      { rank: 1, host: 'b', examples: 1200, computing: 0, waiting: 0, reducing: 0 },
    ]);
    const page = await readFile(await report.writeReport(folder), 'utf8');
    assertSafe(page);
    assert.equal(rows(page, 'all-reduce')[2], ['1 on b', '1,200', ...Array(3).fill('0.0 s (–)')]);
    assert.match(page, '1 min 30 s (90.00 %)');
    assert.is(pictures(page).filter((svg) => svg.includes('Time of each rank')).length, 4);
    await writeFile(join(folder, 'ranks.json'), '[{ "rank": 0, "host": "a" }]');
    assert.match((await report.readRun(folder)).problems[0] ?? '', /ranks.json is not of the form/);
  }));

const SUMMARY = `Layer         Output shape       Param #
─────────────────────────────────────
conv2d        (None, 26, 26, 8)       80
residual      (None, 26, 26, 8)
  conv2d_1    (None, 26, 26, 8)    1,234
─────────────────────────────────────
Total params: 1,314`;

test('the summary of a model is a table, and of another form stays as it is', () =>
  inTemporaryFolder(async (root) => {
    const written = async (summary: string) => {
      const folder = await report.createRun(root, 'dnn', { summary });
      return readFile(await report.writeReport(folder), 'utf8');
    };
    const page = await written(SUMMARY);
    assert.equal(rows(page, 'output shape'), [
      ['layer', 'output shape', 'parameters'],
      ['conv2d', '(None, 26, 26, 8)', '80'],
      ['residual', '(None, 26, 26, 8)', ''],
      ['conv2d_1', '(None, 26, 26, 8)', '1,234'],
    ]);
    assert.match(page, 'Total parameters: 1,314');
    assert.match(await written('one <b>layer</b>'), '<pre>one &lt;b&gt;layer&lt;/b&gt;</pre>');
    const graph = SUMMARY.replace('Param #', 'Param #  Applied to').replace(
      ' 80',
      ' 80  image, pose',
    );
    assert.equal(rows(await written(graph), 'applied to')[1], [
      'conv2d',
      '(None, 26, 26, 8)',
      '80',
      'image, pose',
    ]);
  }));

test('a page says that a run was killed, and on what epochs were judged', () =>
  inTemporaryFolder(async (root) => {
    const folder = await finished(root, 'dnn', 0.9);
    const page = () => report.writeReport(folder).then((file) => readFile(file, 'utf8'));
    const index = () => report.writeIndex(root).then((file) => readFile(file, 'utf8'));
    assert.not.match(await page(), 'class="notes"');
    await writeJson(join(folder, 'settings.json'), { model: 'dnn', validation: 'test' });
    assert.match(await page(), 'Validation is on the test set: the best epoch');
    assert.match(await index(), 'Validation is on the test set.');
    await finished(root, 'other', 0.9);
    assert.match(await index(), `Validation is on the test set in ${basename(folder)}.`);
    await writeJson(join(folder, 'metrics.json'), { status: 'interrupted' });
    assert.match(await page(), 'This run was interrupted after epoch 2.');
    await writeJson(join(folder, 'metrics.json'), { status: 'running' });
    await rm(join(folder, 'owner.json'));
    assert.match(await page(), 'This run was killed after epoch 2: its process is gone');
    const table = await index();
    assert.match(table, '<span class="status interrupted">');
    assert.ok(pictures(table)[0]!.includes(`${basename(folder)} ⚠, validation`));
  }));

test('writing a report again changes nothing', () =>
  inTemporaryFolder(async (root) => {
    const folder = await finished(root, 'dnn', 0.9);
    // The second time the pictures are among the files.
    await report.writeReport(folder);
    const page = await readFile(await report.writeReport(folder), 'utf8');
    assert.is(await readFile(await report.writeReport(folder), 'utf8'), page);
    assert.not.ok(
      (await readdir(folder, { recursive: true })).some((name) => name.endsWith('.part')),
    );
  }));

test('a run gets a page whatever it lacks, and is told what is broken', () =>
  inTemporaryFolder(async (root) => {
    await mkdir(join(root, 'empty'));
    const empty = await readFile(await report.writeReport(join(root, 'empty')), 'utf8');
    assert.ok(empty.includes('>unknown<'));
    assert.equal(pictures(empty), []);

    const broken = await finished(root, 'dnn', 0.9);
    await writeFile(join(broken, 'history.json'), `[<script>alert("x")</script>`);
    const page = await readFile(await report.writeReport(broken), 'utf8');
    assertSafe(page);
    assert.match(page, /class="problems"><div>history\.json cannot be read/);
    assert.is(pictures(page).length, 12, 'what is whole is drawn');
  }));

test('the index compares all runs and marks the best', () =>
  inTemporaryFolder(async (root) => {
    const good = await finished(root, 'good', 0.95);
    const bad = await finished(root, 'bad', 0.5);
    const running = await report.createRun(root, EVIL, { dataset: EVIL });
    const broken = await report.createRun(root, 'broken');
    await writeFile(join(broken, 'metrics.json'), '{"status":');
    await report.writeReport(good);
    const file = await report.writeIndex(root);
    assert.is(file, join(root, 'index.html'));
    const page = await readFile(file, 'utf8');
    assertSafe(page);

    const [head, ...body] = rows(page, 'run');
    const row = (folder: string) => body.find(([name]) => name === basename(folder))!;
    const value = (folder: string, column: string) => row(folder)[head!.indexOf(column)];
    assert.is(body.length, 4);
    assert.is(value(good, 'test accuracy'), '★ 95.00 %');
    assert.is(value(bad, 'test accuracy'), '50.00 %');
    assert.is(value(good, 'log loss'), '★ 0.0500');
    assert.is(value(bad, 'log loss'), '0.5000');
    assert.is(value(good, 'validation accuracy'), '★ 80.00 %');
    assert.is(value(running, 'status'), 'running');
    assert.is(value(running, 'test accuracy'), '–');
    assert.is(value(broken, 'status'), 'unknown');
    assert.not.ok(head!.includes('parameters'), 'no run has any');

    assert.ok(page.includes(`href="${encodeURIComponent(basename(good))}/report.html"`));
    assert.ok(page.includes(`href="${encodeURIComponent(basename(bad))}/"`));
    assert.ok(page.includes(`<div>${basename(broken)}: metrics.json cannot be read`));
    const loss = pictures(page)[0]!;
    for (const run of [good, bad]) assert.ok(loss.includes(`${basename(run)}, validation`));
  }));

/** What may stand where a file of a run should, by what it is. */
const ODD: Record<string, (file: string) => Promise<unknown>> = {
  empty: (file) => writeFile(file, ''),
  truncated: (file) => writeFile(file, '{"status": "finis'),
  null: (file) => writeFile(file, 'null'),
  'a number': (file) => writeFile(file, '7'),
  'a list of nothing of ours': (file) => writeFile(file, '[null, [], "a"]'),
  'NaN as text': (file) => writeFile(file, '{"accuracy": NaN, "lr": NaN}'),
  'wrong types': (file) =>
    writeFile(file, '{"dataset": 7, "model": {"toString": 1}, "accuracy": "a", "epoch": []}'),
  binary: (file) =>
    writeFile(
      file,
      Uint8Array.from({ length: 999 }, (_, i) => (i * 89) % 256),
    ),
  huge: (file) => writeFile(file, '').then(() => truncate(file, 2 ** 36)),
  'a folder': (file) => mkdir(join(file, 'inside'), { recursive: true }),
  'a pipe that nobody writes to': async (file) => execFileSync('mkfifo', [file]),
  'a link to itself': (file) => symlink(file, file),
};

for (const [kind, write] of Object.entries(ODD)) {
  test(`the index and a page name files that are ${kind}, and show other runs`, () =>
    inTemporaryFolder(async (root) => {
      const odd = await finished(root, 'odd', 0.5);
      const good = await finished(root, 'good', 0.95);
      const names = ['settings.json', 'metrics.json', 'history.json', 'samples.json'];
      for (const name of names) {
        await rm(join(odd, name), { force: true });
        await write(join(odd, name));
      }
      const page = await readFile(await report.writeReport(odd), 'utf8');
      const index = await readFile(await report.writeIndex(root), 'utf8');
      for (const name of names) {
        assert.ok(page.includes(`<div>${name} `), `${name} is named on the page`);
        assert.ok(index.includes(`<div>${basename(odd)}: ${name} `), `${name} is named`);
      }
      const [head, ...body] = rows(index, 'run');
      const own = body.find(([run]) => run === basename(good));
      assert.match(own![head!.indexOf('test accuracy')]!, '95.00 %');
    }));
}

test('a run of more epochs than a call has arguments has its page', () =>
  inTemporaryFolder(async (root) => {
    const folder = await report.createRun(root, 'long');
    const epochs = Array.from({ length: 150_000 }, (_, i) => `{"epoch":${i},"valAccuracy":0.5}`);
    await writeFile(join(folder, 'history.json'), `[${epochs}]`);
    await report.writeReport(folder);
    assert.match(await readFile(await report.writeIndex(root), 'utf8'), '149,999');
  }));

test('runs are compared with those on the same data set, wherever it was read from', () =>
  inTemporaryFolder(async (root) => {
    await finished(root, 'one', 0.9, 'mnist (here)');
    await finished(root, 'two', 0.8, 'mnist (there)');
    await finished(root, 'three', 0.7, 'cifar-10 (here)');
    await finished(root, 'four', 0.6, 'cifar-10 (here)');
    await finished(root, 'alone', 0.95, 'letters');
    const page = await readFile(await report.writeIndex(root), 'utf8');
    const [head, ...body] = rows(page, 'run');
    const column = (name: string) => body.map((row) => row[head!.indexOf(name)]).sort();
    assert.equal(column('data set'), ['cifar-10', 'cifar-10', 'letters', 'mnist', 'mnist']);
    assert.equal(column('test accuracy'), [
      '60.00 %',
      '80.00 %',
      '95.00 %',
      '★ 70.00 %',
      '★ 90.00 %',
    ]);
  }));

test('a folder without runs has an index too', () =>
  inTemporaryFolder(async (root) => {
    const page = await readFile(await report.writeIndex(root), 'utf8');
    assert.match(page, /There is no run in this folder/);
  }));

test.run();
