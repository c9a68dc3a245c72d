import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError } from '../../src/errors.ts';
import { ownMark, startOf } from '../../src/files/process-mark.ts';
import { createRun, readRun, readRuns, resumeRun } from '../../src/report/index.ts';
import { writeJson } from '../../src/report/json-file.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const test = suite('run folder');

test('a run’s folder is named by time and model and is its own', () =>
  inTemporaryFolder(async (root) => {
    const runs = join(root, 'deep', 'runs');
    const folders = await Promise.all(
      Array.from({ length: 5 }, () => createRun(runs, 'conv/net: ü', { seed: 7 })),
    );
    assert.is(new Set(folders).size, 5);
    for (const folder of folders) {
      assert.match(basename(folder), /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-conv-net-ü(-\d)?$/);
      const run = await readRun(folder);
      assert.equal(run.settings, { model: 'conv/net: ü', seed: 7 });
      assert.is(run.status, 'running');
      assert.equal(run.history, []);
      assert.equal(run.problems, []);
    }
  }));

test('a place that cannot hold runs is a DataError', () =>
  inTemporaryFolder(async (root) => {
    await writeFile(join(root, 'file'), '');
    for (const attempt of [
      () => createRun(join(root, 'file'), 'dnn'),
      () => writeJson(join(root, 'file', 'x.json'), 1),
      () => resumeRun(join(root, 'absent')),
      () => readRun(join(root, 'absent')),
      () => readRuns(join(root, 'absent')),
    ]) {
      const error = await attempt().then(
        () => undefined,
        (thrown) => thrown,
      );
      assert.instance(error, DataError);
    }
  }));

test('a run that cannot be begun leaves nothing behind', () =>
  inTemporaryFolder(async (root) => {
    const error = await createRun(root, 'dnn', { seed: 1n as never }).catch((thrown) => thrown);
    assert.instance(error, DataError); // JSON has no such numbers
    assert.equal(await readdir(root), []);
  }));

test('JSON is replaced whole and leaves nothing else behind', () =>
  inTemporaryFolder(async (root) => {
    const file = join(root, 'metrics.json');
    await writeJson(file, { status: 'running', accuracy: Number.NaN });
    await writeJson(file, { status: 'finished', accuracy: Number.POSITIVE_INFINITY });
    assert.equal(JSON.parse(await readFile(file, 'utf8')), { status: 'finished', accuracy: null });
    await mkdir(join(root, 'taken', 'inside'), { recursive: true });
    await writeJson(join(root, 'taken'), 1).catch(() => {});
    assert.equal((await readdir(root)).sort(), ['metrics.json', 'taken']);
  }));

test('runs are read newest first; other folders and files are none', () =>
  inTemporaryFolder(async (root) => {
    for (const name of ['2026-01-01T00-00-00-a', '2026-02-01T00-00-00-b', 'other']) {
      await mkdir(join(root, name));
    }
    await writeJson(join(root, '2026-01-01T00-00-00-a', 'history.json'), []);
    await writeJson(join(root, '2026-02-01T00-00-00-b', 'settings.json'), { model: 'b' });
    await writeFile(join(root, 'index.html'), '');
    const names = (await readRuns(root)).map(({ name }) => name);
    assert.equal(names, ['2026-02-01T00-00-00-b', '2026-01-01T00-00-00-a']);
  }));

/** Says that a run is one of another process, heard of for the last time so many minutes ago. */
async function ownedBy(folder: string, mark: string, minutes = 0): Promise<void> {
  const file = join(folder, 'owner.json');
  await writeJson(file, { process: mark, pid: 7, host: 'elsewhere' });
  const time = new Date(Date.now() - minutes * 60_000);
  await utimes(file, time, time);
}

test('a run whose process is gone was interrupted; one of another machine may go on', () =>
  inTemporaryFolder(async (root) => {
    const folder = await createRun(root, 'dnn');
    const [place, , start] = (await ownMark()).split('-');
    const gone = `${place}-${spawnSync(process.execPath, ['--version']).pid}-${start}`;
    const living = `${place}-${process.ppid}-${await startOf(process.ppid)}`;
    const statusWith = async (mark: string, minutes?: number) => {
      await ownedBy(folder, mark, minutes);
      return (await readRun(folder)).status;
    };
    assert.is(await statusWith(gone), 'interrupted');
    assert.is(await statusWith(living, 999), 'running');
    assert.is(await statusWith('00000000-7-1', 1), 'running');
    assert.is(await statusWith('00000000-7-1', 3), 'interrupted');
    await writeFile(join(folder, 'owner.json'), '{"process": 1');
    assert.is((await readRun(folder)).status, 'running', 'somebody is writing it');
    await rm(join(folder, 'owner.json'));
    assert.is((await readRun(folder)).status, 'interrupted');
  }));

test('a run goes on in one process at a time', () =>
  inTemporaryFolder(async (root) => {
    const folder = await createRun(root, 'dnn');
    await writeJson(join(folder, 'metrics.json'), { status: 'interrupted' });
    await ownedBy(folder, '00000000-7-1');
    const error = await resumeRun(folder).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.instance(error, DataError);
    assert.match(error.message, `${folder} goes on in process 7 on elsewhere already.`);

    const namesake = (await ownMark()).replace(/\d+$/, '1');
    await ownedBy(folder, namesake);
    await Promise.all([resumeRun(folder), resumeRun(folder)]);
    assert.is((await readRun(folder)).status, 'running');
    assert.equal((await readdir(folder)).sort(), ['metrics.json', 'owner.json', 'settings.json']);
  }));

test('a run of a process elsewhere goes on when the clock was set back', () =>
  inTemporaryFolder(async (root) => {
    const folder = await createRun(root, 'dnn');
    await ownedBy(folder, '00000000-7-1');
    const tomorrow = new Date(Date.now() + 86_400_000);
    await utimes(join(folder, 'owner.json'), tomorrow, tomorrow);
    assert.is((await readRun(folder)).status, 'interrupted');
    await resumeRun(folder);
  }));

test('a run that was killed as it began is none, and is cleared away by the next', () =>
  inTemporaryFolder(async (root) => {
    const [place, , start] = (await ownMark()).split('-');
    const gone = `${place}-${spawnSync(process.execPath, ['--version']).pid}-${start}`;
    const begun = join(root, `2026-01-01T00-00-00-dnn.${gone}-01234567.part`);
    await mkdir(begun);
    await writeJson(join(begun, 'settings.json'), { model: 'dnn' });
    assert.equal(await readRuns(root), []);
    const folder = await createRun(root, 'dnn');
    assert.equal(await readdir(root), [basename(folder)]);
  }));

const BROKEN: Record<string, string[]> = {
  'settings.json': ['', '[1]', 'null'],
  'history.json': ['[{"epoch": 1, "lo', '{}', '[{"epoch": "1"}]', '[{"epoch": 1, "loss": "low"}]'],
  'metrics.json': [
    '{"status": "perhaps"}',
    '{"confusion": [[1, 2], [3]]}',
    '{"confusion": [[1, "2"], [3, 4]]}',
    '{"classNames": ["a"], "perClass": []}',
    '{"perClass": [{"precision": 1}]}',
    '{"roc": [{"fpr": [0, 1], "tpr": [0], "auc": 1}]}',
    '{"accuracy": "high"}',
  ],
  'samples.json': ['[{"image": "https://example.com/a.png", "label": "a", "predicted": "b"}]'],
};

for (const [name, texts] of Object.entries(BROKEN)) {
  test(`a broken ${name} is named and counts as missing`, () =>
    inTemporaryFolder(async (root) => {
      for (const text of texts) {
        await writeFile(join(root, name), text);
        const run = await readRun(root);
        assert.is(run.problems.length, 1, text);
        assert.ok(run.problems[0]!.startsWith(name), run.problems[0]);
        const found = [run.settings, run.history, run.metrics, run.samples];
        assert.equal(found, [{}, [], {}, []], text);
      }
    }));
}

test.run();
