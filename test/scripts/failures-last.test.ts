// In a run of thousands of tests, what failed must not have to be searched for.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyOfCheckout } from '../checkout-copy.ts';

const test = suite('failed tests');

async function inCheckout(work: (checkout: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'failures-'));
  try {
    const checkout = join(folder, 'checkout');
    await copyOfCheckout(checkout);
    await work(checkout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs tests of a checkout as `npm test` does. */
function tested(checkout: string, ...names: readonly string[]) {
  const all = ['scripts/test.mjs', ...names, '--device', 'wasm'];
  return spawnSync(process.execPath, all, { cwd: checkout, encoding: 'utf8' });
}

test('npm test names what failed once more above its totals', () =>
  inCheckout(async (checkout) => {
    const planted = `
      import { suite } from 'uvu';
      import * as assert from 'uvu/assert';
      const test = suite('planted');
      test('that 1 is "2"', () => assert.is(1, 2, 'one is not two'));
      test('that 1 is 1', () => assert.is(1, 1));
      test.run();`;
    await writeFile(join(checkout, 'test/tensor/planted.test.ts'), planted);
    await writeFile(join(checkout, 'test/tensor/unreadable.test.ts'), 'const = 1;');
    const { status, stdout, stderr } = tested(checkout, 'tensor/planted', 'tensor/unreadable');
    assert.is(status, 1, stderr);
    const totals = '\n1 passed, 2 failed\n';
    const repeated = stdout.slice(stdout.indexOf(totals) + totals.length);
    assert.match(repeated, '✘ tensor/planted.test.ts: planted: "that 1 is "2"": one is not two');
    assert.match(repeated, '✘ tensor/unreadable.test.ts: does not load:');
    assert.ok(repeated.endsWith(totals), repeated);
  }));

test('a process that dies under its tests counts as one that failed, and is named', () =>
  inCheckout(async (checkout) => {
    const deadly = `process.kill(process.pid, 'SIGKILL');`;
    await writeFile(join(checkout, 'test/tensor/deadly.test.ts'), deadly);
    const { status, stdout, stderr } = tested(checkout, 'tensor/deadly');
    assert.is(status, 1, stderr);
    const named = '✘ on wasm a process ended without totals (SIGKILL): tensor/deadly\n';
    assert.ok(stdout.endsWith(`${named}0 passed, 1 failed\n`), stdout);
  }));

test.run();
