// Several hosts train as one process does, and end together when one of them is cut off.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Outcome, ranks } from './mpirun.ts';

const test = suite('distributed/hosts');

const HOSTS = 4;
const script = fileURLToPath(new URL('hosts.sh', import.meta.url));

interface Trained {
  readonly losses: readonly number[];
  readonly hash: string;
  readonly received: number;
}

async function onHosts(
  options: object,
  folder: string,
  count = HOSTS,
): Promise<Outcome & { readonly words: readonly string[] }> {
  const launcher = { name: 'hosts', command: ['bash', script, folder] };
  const outcome = await ranks(count, 'training', [JSON.stringify(options)], {
    launcher,
    killAfter: 400,
  });
  const logs = Array.from({ length: count }, (_, rank) =>
    readFile(join(folder, `${rank}`), 'utf8'),
  );
  return { ...outcome, words: await Promise.all(logs) };
}

async function trained(
  options: object,
  folder: string,
  count = HOSTS,
): Promise<readonly Trained[]> {
  const { code, stderr, words, results } = await onHosts(options, folder, count);
  assert.is(code, 0, [stderr, ...words].join('\n'));
  assert.is(results.length, count);
  return results;
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function furthest(found: readonly number[], wanted: readonly number[]): number {
  assert.is(found.length, wanted.length);
  return Math.max(...found.map((value, i) => Math.abs(value - (wanted[i] ?? 0))));
}

/** 1,000 steps: 100 epochs of 10. */
const long = { epochs: 100, smooth: true };
let uncut: Trained | undefined;

const logs = mkdtempSync(join(tmpdir(), 'hosts-'));
const tried = spawnSync('bash', [script, logs, '-n', '1', 'true'], { encoding: 'utf8' });
rmSync(logs, { recursive: true });
if (tried.status === 0) {
  test('1,000 steps on four hosts lose nothing to one process', () =>
    withFolder(async (folder) => {
      const [one] = await trained(long, folder, 1);
      const all = await trained(long, folder);
      uncut = all[0];
      assert.is(new Set(all.map(({ hash }) => hash)).size, 1, 'all hosts have the same weights');
      for (const { losses, received } of all) {
        assert.is(losses.length, 1000);
        const off = furthest(losses, one?.losses ?? []);
        assert.ok(off <= 1e-5, `losses are off by ${off}`);
        // 4 · 5 · 5 + 4 weights, 196 · 16 + 16 and 16 · 10 + 10 of them, come in each step by the network alone.
        assert.ok(received > 1000 * 4 * 3426, `${received} bytes have come by the network`);
      }
    }));

  test('where a host is cut off all ranks end with their reason, and the training goes on from the checkpoint', () =>
    withFolder(async (folder) => {
      const options = {
        ...long,
        epochs: 20,
        timeout: 10,
        checkpoint: join(folder, 'training.safetensors'),
        everySteps: 50,
      };
      const fails = { rank: 0, step: 130, how: 'cuts' };
      const cut = await onHosts({ ...options, fails }, folder);
      assert.is(cut.code, 1, 'they have ended by themselves');
      assert.equal(cut.results, []);
      const said = cut.words.map((words) => words.includes('has waited 10 s for the other ranks'));
      assert.ok(said[2], `the host that is cut off says: ${cut.words[2]}`);
      assert.ok(said[0] || said[1] || said[3], cut.words.join('\n'));

      for (const { losses } of await trained(options, folder)) {
        assert.ok(losses.length <= 80, `${losses.length} of 200 steps were left`);
        assert.equal(
          losses,
          uncut?.losses.slice(200 - losses.length, 200),
          'the very bits of the training that was not cut',
        );
      }
    }));
} else {
  console.log(`    no hosts, so these tests are left out: ${tried.stderr.trim().split('\n')[0]}`);
}

test.run();
