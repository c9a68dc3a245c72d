import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRuns } from '../../src/report/index.ts';
import { runPage } from '../page.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const test = suite('docs/reports.md');

test('its examples run and write what they say', () =>
  inTemporaryFolder(async (folder) => {
    await runPage('reports.md', folder);
    const files = await readdir(folder);
    for (const file of ['loss.svg', 'loss-dark.svg']) assert.ok(files.includes(file), file);
    assert.ok((await readdir(join(folder, 'runs'))).includes('index.html'));
    const [run] = await readRuns(join(folder, 'runs'));
    assert.is(run?.history.length, 2);
    assert.equal(run?.problems, []);
    const paths = run?.files.map(({ path }) => path) ?? [];
    for (const path of ['report.html', 'pictures/filters.svg', 'pictures/loss-dark.svg']) {
      assert.ok(paths.includes(path), path);
    }
  }));

test.run();
