import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../../data/tiny-images.ts';
import { runPage } from '../../page.ts';

const test = suite('docs/profiling.md');

test('its examples run, print tables of its columns and write a trace', () =>
  withFolder(async (folder) => {
    const { text, printed } = await runPage('profiling.md', folder);
    const heads = printed.match(/^kernel .*$/gm)!.map((line) => line.split(/\s+/).join(' '));
    assert.is(heads.length, 2);
    const columns = 'kernel shapes calls workgroups MB MFLOP';
    assert.ok(heads[0]!.startsWith(columns));
    assert.is(heads[1], columns);
    for (const [, head = ''] of text.matchAll(/```\n(kernel .*)$/gm)) {
      assert.ok(head.split(/\s+/).join(' ').startsWith(columns));
    }
    const trace: unknown = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8'));
    assert.ok(trace);
  }));

test.run();
