import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJson } from '../../../experiments/runs/json-file.ts';
import { findRun } from '../../../experiments/trial/run-store.ts';
import { runTrial } from '../../../experiments/trial/run-trial.ts';
import { trial } from '../../../experiments/trial/settings.ts';
import { closeDevice } from '../../../src/index.ts';
import { ScriptProcess } from '../../examples/script-process.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

const test = suite('a stopped trial');
test.after(() => closeDevice());

const settings = trial({
  model: 'mnist/dnn',
  data: 'generated digits',
  lr: 0.01,
  epochs: 12,
  limit: 640,
});

const command = (root: string) =>
  new ScriptProcess('experiments/sweep/main.ts', [
    ...['--models', settings.model, '--data', settings.data, '--lr', String(settings.lr)],
    ...['--epochs', String(settings.epochs), '--limit', String(settings.limit), '--runs', root],
  ]);

test('goes on to the weights it would have had, interrupted or killed', () =>
  inTemporaryFolder(async (folder) => {
    const root = join(folder, 'stopped');
    const interrupted = command(root);
    await interrupted.says(/Epoch 2\/12/);
    interrupted.child.kill('SIGINT');
    const { code, said } = await interrupted.ended;
    assert.is(code, 130, said);
    assert.match(said, /Interrupted: the last checkpoint is in .*mnist-dnn/);
    assert.match(said, /The same command goes on from here\./);

    const killed = command(root);
    await killed.says(/Epoch 5\/12/);
    killed.child.kill('SIGKILL');
    assert.is((await killed.ended).signal, 'SIGKILL');
    const run = (await findRun(root, settings)) as string;
    assert.equal(await readJson(join(run, 'metrics.json')), { status: 'running' });

    const resumed = await runTrial(settings, { root });
    const whole = await runTrial(settings, { root: join(folder, 'whole') });
    assert.ok(resumed && whole);
    assert.is(resumed.folder, run);
    assert.is(resumed.history.length, 12);
    const weightsIn = (run: string) => readFile(join(run, 'weights.safetensors'));
    assert.equal(await weightsIn(resumed.folder), await weightsIn(whole.folder));
    assert.is(resumed.metrics.accuracy, whole.metrics.accuracy);
  }));

test.run();
