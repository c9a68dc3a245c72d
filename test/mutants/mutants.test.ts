import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describe, mutants, mutated } from './mutant.ts';

test('every fault can be planted: its text is in its file once', async () => {
  for (const mutant of mutants) {
    const source = await readFile(new URL(`../../${mutant.file}`, import.meta.url), 'utf8');
    assert.is.not(mutated(source, mutant), source, describe(mutant));
  }
});

test('a fault whose text is gone is named', () => {
  const mutant = { subject: '', file: 'a.ts', tests: [], right: 'x + y', wrong: 'x - y' };
  assert.is(mutated('return x + y;', mutant), 'return x - y;');
  assert.throws(() => mutated('return y + x;', mutant), /a\.ts: x \+ y .*not in the file/);
  assert.throws(() => mutated('x + y; x + y;', mutant), /2 times in the file/);
});

test.run();
