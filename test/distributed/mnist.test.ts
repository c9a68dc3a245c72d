// `npm run mnist -- --distributed`, as several ranks.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunResult } from '../../examples/mnist/json-result.ts';
import { report } from '../../src/node.ts';
import { launchers, ranks, script } from './mpirun.ts';

const test = suite('distributed/mnist');

const exitCode = new URL('programs/exit-code.ts', import.meta.url).href;
const mnist = script('examples/mnist/main.ts');
const RECIPE = '--distributed --data synthetic --model convnet --limit 240 --batch-size 25'.split(
  ' ',
);

async function withRuns(work: (runs: string) => Promise<void>): Promise<void> {
  const runs = await mkdtemp(join(tmpdir(), 'wgrad-ranks-'));
  try {
    await work(runs);
  } finally {
    await rm(runs, { recursive: true });
  }
}

const count = (text: string, words: RegExp) => text.match(new RegExp(words, 'gm'))?.length ?? 0;

for (const launcher of launchers) {
  test(`${launcher.name}: started by npm, two ranks have the losses of one, and the first alone speaks and writes`, () =>
    withRuns(async (runs) => {
      const results: RunResult[] = [];
      for (const size of [0, 2]) {
        const [root, json] = [join(runs, `${size}`), join(runs, `${size}.json`)];
        const args = [...RECIPE, '--epochs', '2', '--runs', root, '--json', json];
        const command = size === 0 ? mnist : ['npm', 'run', '--silent', 'mnist', '--'];
        const { code, stdout, stderr } = await ranks(size, command, args, { launcher });
        assert.is(code, 0, stderr);
        assert.is(count(stdout, /^Device: /m) + count(stdout, /^Report: /m), 2, stdout);
        assert.is(count(stderr, /Epoch 2\/2 .*val accuracy/), 1, stderr);
        assert.is(stdout.includes('for each of 2 ranks'), size === 2, stdout);
        const [folder = '', ...others] = await readdir(root);
        assert.equal(others, ['index.html']);
        const run = await report.readRun(join(root, folder));
        assert.equal(run.problems, []);
        assert.is(run.settings.ranks, size === 2 ? 2 : undefined);
        const shares = run.ranks.map(({ rank, examples }) => [rank, examples]);
        // Of each batch of 25 images, and of the last, of 15, the second has one more.
        assert.equal(
          shares,
          size === 2
            ? [
                [0, 230],
                [1, 250],
              ]
            : [],
        );
        results.push(JSON.parse(await readFile(json, 'utf8')));
      }
      const [one, two] = results.map(({ epochs }) => epochs.map(({ seconds: _, ...logs }) => logs));
      assert.is(two?.length, 2);
      for (const [i, logs] of (two ?? []).entries()) {
        const wanted = Object.values(one?.[i] ?? {});
        Object.values(logs).forEach((value, j) => {
          assert.ok(Math.abs(value - (wanted[j] ?? 0)) <= 1e-5, `${value} is not ${wanted[j]}`);
        });
      }
    }));

  test(`${launcher.name}: what is wrong for all ranks is said once`, async () => {
    const args = ['--distributed', '--data', '/nonexistent'];
    const { code, stdout, stderr } = await ranks(2, mnist, args, { launcher });
    assert.is.not(code, 0);
    assert.is(count(`${stdout}${stderr}`, /does not hold MNIST/), 1, stderr);
  });

  // Open MPI's mpirun kills ranks shortly after it has told them.
  if (launcher.name !== 'MPICH') continue;
  test(`${launcher.name}: Ctrl-C ends all ranks with a checkpoint, from which one goes on`, () =>
    withRuns(async (runs) => {
      const recipe = [...RECIPE, '--epochs', '40', '--runs', runs];
      let isAsked = false;
      const cut = await ranks(2, script('examples/mnist/main.ts', exitCode), recipe, {
        launcher,
        heard(text, pid) {
          const isDue = !isAsked && /^Epoch 1\/40 +[\d.]+ s/m.test(text);
          if (isDue) process.kill(pid, 'SIGINT');
          isAsked ||= isDue;
        },
      });
      // mpirun's own code is 0 where both ranks are gone before it asks for theirs.
      assert.equal(
        cut.results,
        [0, 1].map((rank) => ({ rank, code: 130 })),
      );
      assert.is(count(cut.stdout, /Interrupted\. Test accuracy/), 1, cut.stderr);
      assert.not.match(cut.stderr, /Error|which ends all/);
      const [name = ''] = await readdir(runs);
      const folder = join(runs, name);
      const { status, history } = await report.readRun(folder);
      assert.is(status, 'interrupted');
      assert.ok(history.length < 40, `${history.length}`);
      let reached = '';
      const resumed = await ranks(0, mnist, [...recipe, '--resume', folder], {
        heard(text, pid) {
          reached ||= /Epoch \d+\/40/.exec(text)?.[0] ?? '';
          if (reached) process.kill(pid, 'SIGTERM');
        },
      });
      assert.is(resumed.code, 143, resumed.stderr);
      assert.is(reached, `Epoch ${history.length + 1}/40`);
    }));
}

test.run();
