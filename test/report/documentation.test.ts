import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRuns } from '../../src/report/index.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const test = suite('docs/reports.md');
const root = fileURLToPath(new URL('../..', import.meta.url));

test('its examples run and write what they say', () =>
  inTemporaryFolder(async (folder) => {
    const text = await readFile(join(root, 'docs', 'reports.md'), 'utf8');
    const code = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block).join('\n');
    const script = code.replace("'wgrad/node'", `'${join(root, 'src', 'node.ts')}'`);
    await writeFile(join(folder, 'script.mts'), script);
    const loaders = [
      import.meta.resolve('tsx'),
      new URL('scripts/wgsl-loader.mjs', `file://${root}/`).href,
    ];
    await promisify(execFile)(
      process.execPath,
      [...loaders.flatMap((loader) => ['--import', loader]), 'script.mts'],
      { cwd: folder },
    );
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
