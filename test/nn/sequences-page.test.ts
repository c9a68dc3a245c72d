import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';
import { readPage, runScript } from '../page.ts';

const test = suite('docs/sequences.md');

test('each of its examples runs by itself and prints what it says', () =>
  withFolder(async (folder) => {
    const { text, examples } = await readPage('sequences.md');
    assert.is(examples.length, 5);
    const printed: string[] = [];
    for (const example of examples) printed.push(await runScript(example, folder));
    const said = [...text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words]) => words);
    assert.equal(printed.join('').trim().split('\n'), said);
  }));

test.run();
