// In a run of thousands of tests, what failed must not have to be searched for.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyOfCheckout } from '../checkout-copy.ts';

const test = suite('failed tests');

test('npm test names what failed once more above its totals', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'failures-'));
  try {
    const checkout = join(folder, 'checkout');
    await copyOfCheckout(checkout);
    const planted = `
      import { suite } from 'uvu';
      import * as assert from 'uvu/assert';
      const test = suite('planted');
      test('that 1 is "2"', () => assert.is(1, 2, 'one is not two'));
      test('that 1 is 1', () => assert.is(1, 1));
      test.run();`;
    await writeFile(join(checkout, 'test/tensor/planted.test.ts'), planted);
    await writeFile(join(checkout, 'test/tensor/unreadable.test.ts'), 'const = 1;');
    const names = ['tensor/planted', 'tensor/unreadable', '--device', 'wasm'];
    const run = spawnSync(process.execPath, ['scripts/test.mjs', ...names], {
      cwd: checkout,
      encoding: 'utf8',
    });
    assert.is(run.status, 1, run.stderr);
    const totals = '\n1 passed, 2 failed\n';
    const repeated = run.stdout.slice(run.stdout.indexOf(totals) + totals.length);
    assert.match(repeated, '✘ tensor/planted.test.ts: planted: "that 1 is "2"": one is not two');
    assert.match(repeated, '✘ tensor/unreadable.test.ts: does not load:');
    assert.ok(repeated.endsWith(totals), repeated);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
