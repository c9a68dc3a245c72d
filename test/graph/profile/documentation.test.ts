import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('docs/profiling.md');

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('its examples run, print tables of its columns and write a trace', async () => {
  const page = await readFile(join(root, 'docs', 'profiling.md'), 'utf8');
  const code = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block).join('\n');
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-profiling-'));
  try {
    const entry = join(root, 'src', 'index.ts');
    await writeFile(join(folder, 'script.mts'), code.replace("'wgrad'", JSON.stringify(entry)));
    const loaders = [
      import.meta.resolve('tsx'),
      new URL('scripts/wgsl-loader.mjs', `file://${root}/`).href,
    ];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...loaders.flatMap((loader) => ['--import', loader]), 'script.mts'],
      { cwd: folder },
    );
    const heads = stdout.match(/^kernel .*$/gm)!.map((line) => line.split(/\s+/).join(' '));
    assert.is(heads.length, 2);
    const columns = 'kernel shapes calls workgroups MB MFLOP';
    assert.ok(heads[0]!.startsWith(columns));
    assert.is(heads[1], columns);
    for (const [, head = ''] of page.matchAll(/```\n(kernel .*)$/gm)) {
      assert.ok(head.split(/\s+/).join(' ').startsWith(columns));
    }
    const trace: unknown = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8'));
    assert.ok(trace);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
