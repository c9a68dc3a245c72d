import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { finishedTrials } from '../../../experiments/trial/run-store.ts';
import { ScriptProcess } from '../../examples/script-process.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

const test = suite('a stopped sweep');

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`leaves no process behind after ${signal}`, () =>
    inTemporaryFolder(async (runs) => {
      const args = ['--models', 'mnist/dnn', '--lr', '0.01,0.02', '--jobs', '2', '--runs', runs];
      const sweep = new ScriptProcess('experiments/sweep/main.ts', [
        ...args,
        ...['--data', 'generated digits', '--limit', '640', '--epochs', '500'],
      ]);
      const { child } = sweep;
      await sweep.says(/adam 0\.01\] Epoch 1\//);
      await sweep.says(/adam 0\.02\] Epoch 1\//);
      const children = await trainingProcesses(runs);
      assert.is(children.length, 2);
      assert.ok(children.every(isAlive));
      child.kill(signal);
      const { code, said } = await sweep.ended;
      if (signal === 'SIGINT') {
        assert.is(code, 130, said);
        assert.match(said, /The same command goes on from here\./);
      }
      while (children.some(isAlive)) await sleep(50);
      assert.equal(await finishedTrials(runs), []);
    }));
}

/** The ids of the processes that train: an event file is named by the one that writes it. */
async function trainingProcesses(runs: string): Promise<number[]> {
  const files = await readdir(runs, { recursive: true });
  return files.flatMap((file) => Number(/tfevents\..*\.(\d+)$/.exec(file)?.[1] ?? []) || []);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.run();
