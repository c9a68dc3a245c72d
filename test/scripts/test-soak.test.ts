// `npm run test:soak` at a hundredth of its size, in a copy of the checkout with two more programs of
// memory: one that keeps what it computes, and one that dies.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyOfCheckout } from '../checkout-copy.ts';

const test = suite('test:soak');
let folder = '';
let copy = '';

const LEAK = `
import { type AnyTensor, zeros } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const kept: AnyTensor[] = [];
await runFlat('leak', 40, 4000, async (i) => kept.push(await zeros([2_500_000]).add(i).realize()));
`;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-soak-test-'));
  copy = join(folder, 'checkout');
  await copyOfCheckout(copy);
  await writeFile(join(copy, 'test/soak/memory/leak.ts'), LEAK);
  await writeFile(
    join(copy, 'test/soak/memory/dies.ts'),
    "await Promise.reject(new Error('as planted'));\n",
  );
});

test.after(() => rm(folder, { recursive: true, force: true }));

function soak(...args: string[]) {
  const script = join(copy, 'scripts/test-soak.mjs');
  return spawnSync(process.execPath, [script, ...args, '--scale', '0.01', '--device', 'wasm'], {
    encoding: 'utf8',
  });
}

test('passes what holds, fails what grows or dies, and writes both down', async () => {
  const document = join(copy, 'docs/reliability.md');
  const before = await readFile(document, 'utf8');
  const { status, stdout, stderr } = soak(
    ...['steps', 'shapes', 'memory/leak', 'memory/dies', '--write'],
  );
  assert.is(status, 1, stderr);
  assert.match(stdout, /✔ {2}steps .*200 steps, mean loss/);
  assert.match(stdout, /✔ {2}shapes .*50 shapes, \d+ kernels/);
  assert.match(stdout, /✘ {2}memory\/leak .*FAILED: memory grows/);
  assert.match(stdout, /✘ {2}memory\/dies .*FAILED: ended with code 1 .*as planted/);
  assert.match(stdout, '2 passed, 2 failed');
  const kept = await readFile(join(copy, 'runs/soak/wasm/memory-leak.json'), 'utf8');
  assert.is(JSON.parse(kept).line.flat, false);

  const after = await readFile(document, 'utf8');
  assert.match(after, /\| steps \| wasm \| 200 steps/);
  assert.match(after, /\| memory\/leak \| wasm \| FAILED/);
  const [start, end] = ['<!-- soak', '<!-- /soak -->'];
  assert.is(after.split(start)[0], before.split(start)[0]);
  assert.is(after.split(end)[1], before.split(end)[1]);
});

test('leaves out what has passed already, where that is asked for', () => {
  const { status, stdout, stderr } = soak('steps', '--only-missing');
  assert.is(status, 0, stderr);
  assert.is(stderr, '');
  assert.match(stdout, '1 passed, 0 failed');
});

test('names the programs where none is called so', () => {
  const { status, stderr } = soak('stairs');
  assert.is(status, 1);
  assert.match(stderr, /No program is called stairs; there are steps, shapes, memory\/batches/);
});

test.run();
