// Lines of results: written at once, not measured twice, and only for the same GPU.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Results, readLines } from '../../../bench/gpu/results.ts';

const test = suite('bench gpu results');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-gpu-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('every line has the name of the GPU, and a dry one says that it is', async () => {
  const file = join(folder, 'named.jsonl');
  await new Results(file, 'a GPU', false, 10).piece('one', () => ({ us: 1 }));
  await new Results(file, 'a GPU', true, 10).piece('one', () => ({ us: 2 }));
  assert.is(
    readFileSync(file, 'utf8'),
    '{"key":"one","us":1,"gpu":"a GPU"}\n{"key":"one","us":2,"gpu":"a GPU","dry":true}\n',
  );
});

test('what is there is not measured again; what failed or another GPU said is', async () => {
  const file = join(folder, 'resumed.jsonl');
  const measured: string[] = [];
  const measure = async (gpu: string) => {
    const results = new Results(file, gpu, false, 10);
    for (const key of ['good', 'bad']) {
      await results.piece(key, () => {
        measured.push(`${gpu} ${key}`);
        if (key === 'bad') throw new Error('as planted');
        return { us: 1 };
      });
    }
  };
  await measure('A');
  appendFileSync(file, '{"key":"cut o');
  await measure('A');
  await measure('B');
  assert.equal(measured, ['A good', 'A bad', 'A bad', 'B good', 'B bad']);
  assert.is(readLines(file).find(({ key }) => key === 'bad')?.failed, 'as planted');
});

test('without time left a piece is said to be missing', async () => {
  const file = join(folder, 'late.jsonl');
  await new Results(file, 'A', false, -1).piece('late', () => {
    throw new Error('called');
  });
  assert.is(readLines(file)[0]?.failed, 'no time left');
});

test.run();
