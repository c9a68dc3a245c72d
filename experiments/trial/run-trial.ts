import { join } from 'node:path';
import { callbacks, type DeviceChoice, nn, openDevice, random, setDevice } from 'wgrad';
import { progressBar, report, tensorBoard } from 'wgrad/node';
import { requirePackages } from '../command/require-packages.ts';
import { importTimm } from '../models/cifar10/timm.ts';
import { buildModel } from '../models/registry.ts';
import { writeJson } from '../runs/json-file.ts';
import { judge, reportOn } from '../runs/judge.ts';
import { inspectionPictures } from '../runs/pictures.ts';
import { metricsOf, recordRun } from '../runs/record.ts';
import { loadData } from './data.ts';
import {
  findRun,
  finishedMetrics,
  readResult,
  type TrialMetrics,
  type TrialResult,
} from './run-store.ts';
import { type TrialSettings, titleOf } from './settings.ts';
import { train } from './train.ts';

/** Steps between two checkpoints: what a run that is killed loses at most. */
const CHECKPOINT_STEPS = 500;

export interface TrialOptions {
  /** The folder of all runs. Default `runs`. */
  readonly root?: string;
  readonly device?: DeviceChoice;
  /** Where the images are; default: where they are looked for. */
  readonly dataFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains a model in a folder of its own below `runs`, judges it and draws pictures. A trial with
 * the same settings that has ended before is not run again; one that was cut off goes on where its
 * last checkpoint was written, to the same weights. Undefined where it is interrupted.
 */
export async function runTrial(
  settings: TrialSettings,
  options: TrialOptions = {},
): Promise<TrialResult | undefined> {
  const { root = 'runs', signal } = options;
  const known = await findRun(root, settings);
  const done = known && (await finishedMetrics(known));
  if (known && done) return readResult(settings, known, done);

  requirePackages();
  const { device, reason } = await openDevice(options.device);
  await setDevice(device);
  say(`\n${titleOf(settings)}\nDevice: ${reason}`);
  const images = await loadData(settings.data, options.dataFolder, signal);
  random.seed(settings.seed);
  const { height, width, channels } = images.train;
  const model = buildModel(settings).build([height, width, channels]);
  if (settings.weights !== null) await importTimm(model, settings.weights);

  const folder =
    known ??
    (await report.createRun(root, settings.model, {
      command: process.argv.slice(1).join(' '),
      dataset: `${settings.data} (${images.source})`,
      device: device.name,
      parameters: model.parameterCount,
      optimizer: settings.optimizer,
      lr: settings.lr,
      batchSize: settings.batchSize,
      seed: settings.seed,
      trial: settings,
      summary: nn.summary(model, [height, width, channels]),
    }));
  say(`${known ? 'Going on in' : 'Writing to'} ${folder}`);
  const file = (name: string) => join(folder, name);
  const inspection = settings.inspect
    ? callbacks.inspect({ weights: firstWeight(model) })
    : undefined;
  const history = await train(model, images, settings, {
    resume: file('checkpoint.safetensors'),
    signal,
    callbacks: [
      await progressBar(),
      callbacks.nanGuard(),
      callbacks.csvLog(file('history.csv')),
      tensorBoard(folder),
      ...(settings.patience === null
        ? []
        : [callbacks.earlyStopping({ patience: settings.patience })]),
      ...(inspection ? [inspection] : []),
      callbacks.checkpoint(file('checkpoint.safetensors'), { everySteps: CHECKPOINT_STEPS }),
    ],
  });
  if (history.ending.kind === 'interrupted') {
    say(`Interrupted: the last checkpoint is in ${folder}`);
    return undefined;
  }
  const { test, train: trainImages, classNames } = images;
  const judged = await judge(model, test, classNames, signal);
  const trained = { model, history, device: device.name, test, judged };
  const metrics: TrialMetrics = {
    ...metricsOf(trained),
    trainReport: await reportOn(model, trainImages, classNames, signal),
  };
  if (inspection) {
    await writeJson(file('inspection.json'), inspection.recorded);
    for (const [name, picture] of Object.entries(inspectionPictures(inspection.recorded))) {
      await report.saveRunPicture(folder, name, picture);
    }
  }
  await recordRun(folder, trained, metrics);
  say(`Test accuracy ${metrics.accuracy.toFixed(4)}, macro F1 ${metrics.macroF1.toFixed(4)}`);
  return readResult(settings, folder, metrics);
}

/** The name of the first kernel, if there is any. */
function firstWeight(model: nn.Layer): string[] {
  const trained = [...model.namedVariables()].filter(([, { trainable }]) => trainable);
  return trained.slice(0, 1).map(([name]) => name);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
