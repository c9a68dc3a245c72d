import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileError } from '../../../src/errors.ts';
import { choicesIn } from '../../../src/graph/tuning/saved-choices.ts';
import { rejects } from '../../tensor/refusal.ts';

const test = suite('tuning: saved choices');

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgrad-tuned-'));
});
test.after(() => rm(folder, { recursive: true }));

const choices = new Map([
  ['matmul 128x64x32 #1', '64x64x8 in 1'],
  ['a problem', 'a way'],
]);

test('what is saved is there again', async () => {
  const saved = choicesIn(join(folder, 'new', 'choices.json'), 'NVIDIA H100 550.54');
  assert.equal([...(await saved.load())], []);
  await saved.save(choices);
  assert.equal(new Map(await saved.load()), choices);
});

test('a file that is damaged, or of another device, counts for nothing', async () => {
  const file = join(folder, 'choices.json');
  const saved = choicesIn(file, 'one');
  await saved.save(choices);
  assert.equal([...(await choicesIn(file, 'another').load())], []);
  const text = await readFile(file, 'utf8');
  for (const damaged of [
    '',
    '{',
    'null',
    '{"choices": 3}',
    text.slice(0, -2),
    text.replace('a way', 'no way'),
    text.replace('kernels 1', 'kernels 0'),
  ]) {
    await writeFile(file, damaged);
    assert.equal([...(await saved.load())], [], damaged);
  }
});

test('a folder that cannot be written is an error', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await rejects(() => choicesIn(join(file, 'c.json'), 'one').save(choices), FileError, /a-file/);
});

test.run();
