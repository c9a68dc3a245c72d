import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeJson } from '../../../experiments/runs/json-file.ts';
import { openRun, type Recipe } from '../../../experiments/runs/open-run.ts';
import { CheckpointError, DataError } from '../../../src/errors.ts';
import { report } from '../../../src/node.ts';
import { rejection, withFolder } from '../../data/tiny-images.ts';

const test = suite('the folder of a run');

const recipe = {
  model: 'dnn',
  dataset: 'somewhere',
  images: 60_000,
  optimizer: 'adam',
  lr: 0.002,
  epochs: 10,
  batchSize: 32,
  seed: 0,
} satisfies Recipe;
const begin = (runs: string) => openRun({ runs }, recipe, { device: 'any' });

test('a run that begins has a new folder with its settings', () =>
  withFolder(async (runs) => {
    const folder = await begin(runs);
    assert.not.equal(await begin(runs), folder);
    const { settings, status } = await report.readRun(folder);
    assert.equal(settings, { ...recipe, device: 'any' });
    assert.is(status, 'running');
  }));

test('one that goes on has the folder it had, on any device, and runs again', () =>
  withFolder(async (runs) => {
    const resume = await begin(runs);
    const metrics = join(resume, report.RUN_FILES.metrics);
    await writeJson(metrics, { status: 'interrupted' });
    assert.is(await openRun({ runs, resume }, recipe, { device: 'other' }), resume);
    const { settings, status } = await report.readRun(resume);
    assert.is(settings.device, 'any');
    assert.is(status, 'running');
  }));

test('other options than it was begun with are refused, each by name', () =>
  withFolder(async (runs) => {
    const resume = await begin(runs);
    const others: Partial<typeof recipe>[] = [
      { model: 'convnet' },
      { dataset: 'elsewhere' },
      { images: 100 },
      { optimizer: 'sgd' },
      { lr: 0.01 },
      { epochs: 11 },
      { batchSize: 64 },
      { seed: 1 },
    ];
    for (const other of others) {
      const error = await rejection(openRun({ runs, resume }, { ...recipe, ...other }, {}));
      assert.instance(error, CheckpointError);
      const [[name, value]] = Object.entries(other) as [[keyof typeof recipe, unknown]];
      assert.match(error.message, `its ${name} is ${recipe[name]}, now it is ${value}.`);
    }
  }));

test('a folder that is none, or none of a run, is an error in words', () =>
  withFolder(async (runs) => {
    const open = (resume: string) => rejection(openRun({ runs, resume }, recipe, {}));
    assert.instance(await open(join(runs, 'nowhere')), DataError);
    assert.match((await open(runs)).message, 'its model is unknown, now it is dnn.');
  }));

test.run();
