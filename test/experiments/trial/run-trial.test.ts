import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reports } from '../../../experiments/reproduce/reports.ts';
import { resultOf } from '../../../experiments/reproduce/results.ts';
import { readJson } from '../../../experiments/runs/json-file.ts';
import { outcomeOf } from '../../../experiments/trial/comparison-pictures.ts';
import { findRun, finishedTrials } from '../../../experiments/trial/run-store.ts';
import { runTrial } from '../../../experiments/trial/run-trial.ts';
import { runTrials } from '../../../experiments/trial/run-trials.ts';
import { keyOf, type TrialSettings, titleOf, trial } from '../../../experiments/trial/settings.ts';
import { closeDevice } from '../../../src/index.ts';
import { report } from '../../../src/node.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

const test = suite('a trial');
test.after(() => closeDevice());

const digits = { model: 'mnist/dnn', data: 'generated digits' } as const;

test('is known by all of its settings, in any order', () => {
  const settings = trial({ ...digits, lr: 0.01 });
  const reversed = Object.fromEntries(Object.entries(settings).reverse());
  assert.is(keyOf(reversed as unknown as TrialSettings), keyOf(settings));
  for (const key of Object.keys(settings)) {
    assert.is.not(keyOf({ ...settings, [key]: 'another' }), keyOf(settings), key);
  }
});

test('is said in a few words that tell of what is not usual', () => {
  assert.is(titleOf(trial(digits)), 'mnist/dnn, adam 0.001, 10 epochs, batch 32, seed 0');
  const unusual = { schedule: 'cosine', activation: 'tanh', augment: true, inspect: true } as const;
  assert.is(
    titleOf(trial({ ...digits, ...unusual, limit: 64, weights: 'a.safetensors' })),
    'mnist/dnn, adam 0.001, cosine, tanh, augmented, pretrained, watched, 64 images, ' +
      '10 epochs, batch 32, seed 0',
  );
});

test('is found by its settings, the newest first, also where a file is older than a key', () =>
  inTemporaryFolder(async (root) => {
    const settings = trial({ ...digits, lr: 0.02 });
    const { inspect: _, ...older } = settings;
    const write = async (name: string, text: string) => {
      await mkdir(join(root, name));
      await writeFile(join(root, name, 'settings.json'), text);
    };
    assert.is(await findRun(join(root, 'none'), settings), undefined);
    await write('2026-01-01', JSON.stringify({ trial: older }));
    await write('2026-01-03', JSON.stringify({ trial: { ...older, lr: 0.03 } }));
    await write('2026-01-04', '{"trial": {');
    await write('2026-01-05', JSON.stringify({ model: 'of another command' }));
    assert.is(await findRun(root, settings), join(root, '2026-01-01'));
    assert.is(await findRun(root, { ...settings, inspect: true }), undefined);
    await write('2026-01-02', JSON.stringify({ trial: settings }));
    assert.is(await findRun(root, settings), join(root, '2026-01-02'));
  }));

test('trains once, and leaves all there is to know in its folder', () =>
  inTemporaryFolder(async (root) => {
    const settings = trial({ ...digits, lr: 0.01, epochs: 2, limit: 640, inspect: true });
    const first = await runTrial(settings, { root });
    assert.ok(first);
    assert.ok(first.metrics.accuracy > 0.5, `accuracy ${first.metrics.accuracy}`);
    assert.is(first.metrics.status, 'finished');
    assert.is(first.metrics.parameters, 15_866);
    assert.equal(
      first.history.map(({ epoch }) => epoch),
      [1, 2],
    );
    const files = await readdir(first.folder);
    for (const file of [
      ...['settings.json', 'history.json', 'metrics.json', 'inspection.json', 'samples.json'],
      ...['history.csv', 'checkpoint.safetensors', 'weights.safetensors', 'report.html'],
    ]) {
      assert.ok(files.includes(file), file);
    }
    const pictures = await readdir(join(first.folder, 'pictures'));
    for (const name of ['loss', 'accuracy', 'confusion', 'roc', 'samples', 'gradient norms']) {
      assert.ok(pictures.includes(`${name}.svg`) && pictures.includes(`${name}-dark.svg`), name);
    }

    const written = (await stat(join(first.folder, 'weights.safetensors'))).mtimeMs;
    assert.equal(await runTrial(settings, { root }), first);
    assert.is((await stat(join(first.folder, 'weights.safetensors'))).mtimeMs, written);
    assert.equal(await finishedTrials(root), [first]);
    const stored = await readJson<{ trial: TrialSettings }>(join(first.folder, 'settings.json'));
    assert.equal(stored?.trial, settings);
  }));

test('whose metrics are broken is told of and trained on, one without pages gets them', () =>
  inTemporaryFolder(async (root) => {
    const settings = trial({ ...digits, lr: 0.01, epochs: 1, limit: 320 });
    const whole = await runTrial(settings, { root });
    assert.ok(whole);
    const file = (name: string) => join(whole.folder, name);
    const odd = ['', 'null', '7', '[]', '{}', '{"accuracy": "high"}', '{"status": "finished"}'];
    for (const text of odd) {
      await writeFile(file('metrics.json'), text);
      const again = await runTrial(settings, { root });
      assert.is(again?.folder, whole.folder);
      assert.equal(again?.metrics, whole.metrics, text);
    }
    const pages = [file('report.html'), join(root, 'index.html')];
    for (const page of pages) await rm(page);
    await runTrial(settings, { root });
    for (const page of pages) assert.match(await readFile(page, 'utf8'), /<\/html>\s*$/);
  }));

test('that goes on in another process is not trained here', () =>
  inTemporaryFolder(async (root) => {
    const settings = trial({ ...digits, epochs: 1, limit: 320 });
    const folder = await report.createRun(root, settings.model, { trial: settings });
    const elsewhere = { process: '00000000-7-1', pid: 7, host: 'elsewhere' };
    await writeFile(join(folder, 'owner.json'), JSON.stringify(elsewhere));
    const another = trial({ ...digits, lr: 0.01, epochs: 1, limit: 320 });
    const { results, failed } = await runTrials([settings, another], { root });
    assert.equal(
      results.map((own) => own.settings),
      [another],
    );
    assert.is(failed.length, 1);
    assert.match(failed[0]!, `${titleOf(settings)}: ${folder} goes on in process 7 on elsewhere`);
    assert.is((await report.readRun(folder)).status, 'running');
  }));

test('that fails on the way was interrupted', () =>
  inTemporaryFolder(async (root) => {
    const settings = trial({ ...digits, epochs: 1, limit: 320 });
    const folder = await report.createRun(root, settings.model, { trial: settings });
    await mkdir(join(folder, 'history.csv', 'inside'), { recursive: true });
    const { failed } = await runTrials([settings], { root });
    assert.match(failed[0]!, /history\.csv cannot be written/);
    assert.is((await report.readRun(folder)).status, 'interrupted');
  }));

test('that diverges before its first epoch ends is told of, judged and drawn', () =>
  inTemporaryFolder(async (root) => {
    // 55 steps: the guard looks after 50.
    const settings = trial({ ...digits, lr: 1e30, limit: 55 * 32, epochs: 2, inspect: true });
    const result = await runTrial(settings, { root });
    assert.ok(result);
    assert.is(result.metrics.status, 'diverged');
    assert.match(result.metrics.reason ?? '', /NaN/);
    assert.equal(result.history, []);
    assert.is(result.metrics.logLoss, null);
    assert.is(result.metrics.macroAuc, null);
    const own = resultOf(result);
    assert.equal([own.epochs, own.secondsPerEpoch, own.trainLoss], [0, null, null]);
    const page = await readFile(join(result.folder, 'report.html'), 'utf8');
    assert.not.match(page, /cannot be read|not of the form/);
    for (const { name, pictures } of Object.values(reports)) {
      for (const [title, picture] of Object.entries(pictures([result], [outcomeOf(result)]))) {
        assert.match(await report.toSvg(picture), /^<svg /, `${name}: ${title}`);
      }
    }
    // Curves of a part of the runs do not take the place of those of all.
    for (const name of ['fashion', 'cifar10']) {
      const outcomes = [outcomeOf(result), outcomeOf(result)];
      assert.equal(reports[name]?.pictures([result], outcomes), {}, name);
    }
  }));

test.run();
