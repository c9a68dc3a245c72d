// scripts/compare-bits.mjs against a copy of the checkout in which Adam has another constant.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyOfCheckout, root } from '../checkout-copy.ts';

const test = suite('compare-bits');
let folder = '';

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-bits-test-'));
});

test.after(() => rm(folder, { recursive: true, force: true }));

test('names the first step that differs, and passes what is the same', async () => {
  const copy = join(folder, 'checkout');
  await copyOfCheckout(copy);
  const adam = join(copy, 'src/optim/rules/running-means.ts');
  const text = await readFile(adam, 'utf8');
  const changed = text.replace('beta2 = 0.999', 'beta2 = 0.9990001');
  assert.is.not(changed, text);
  await writeFile(adam, changed);

  const script = join(root, 'scripts/compare-bits.mjs');
  const args = [script, copy, '--device', 'wasm', '--only', 'dnn (sgd|batch 32)$'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.is(status, 1);
  assert.match(stdout, /dnn batch 32 +loss of step \d was [\d.]+ \(0x[0-9a-f]{8}\), is/);
  assert.match(stdout, /dnn sgd +same bits/);
  assert.match(stdout, '1 of 2 trainings have the same bits');
});

test('a base that is neither a folder nor a revision is an error', () => {
  const script = join(root, 'scripts/compare-bits.mjs');
  const args = [script, 'no-such-revision', '--device', 'wasm'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.is(status, 1);
  assert.match(stderr, 'no-such-revision is neither a checkout');
});

test.run();
