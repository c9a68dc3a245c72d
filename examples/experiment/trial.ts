import { join } from 'node:path';
import {
  callbacks,
  crossEntropy,
  type DeviceChoice,
  data,
  type EpochLogs,
  fit,
  type History,
  io,
  nn,
  openDevice,
  optim,
  setDevice,
  setSeed,
} from '../../src/index.ts';
import { progressBar, report, tensorBoard } from '../../src/node.ts';
import { importTimm } from '../cifar10/timm.ts';
import { loadData, type NamedData } from './data.ts';
import { judge } from './judge.ts';
import { buildModel } from './models.ts';
import { optimizers } from './optimizers.ts';
import { savePictures } from './pictures.ts';
import { findRun, finishedMetrics, readJson, type TrialMetrics } from './run-store.ts';
import { type TrialSettings, titleOf } from './settings.ts';

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

/** A trial that has ended. */
export interface TrialResult {
  readonly settings: TrialSettings;
  readonly folder: string;
  readonly metrics: TrialMetrics;
  readonly history: readonly EpochLogs[];
  readonly inspection: callbacks.Inspection | undefined;
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
  if (known && done) return resultOf(settings, known, done);

  const { device, reason } = await openDevice(options.device);
  await setDevice(device);
  say(`\n${titleOf(settings)}\nDevice: ${reason}`);
  const images = await loadData(settings.data, options.dataFolder);
  setSeed(settings.seed);
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
    ? callbacks.inspect({ weights: [firstWeight(model)] })
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
    say(`Interrupted. The same command goes on where ${folder} ends.`);
    return undefined;
  }
  await report.writeJson(file('history.json'), history.epochs);
  if (inspection) await report.writeJson(file('inspection.json'), inspection.recorded);
  await io.saveWeights(file('weights.safetensors'), model);

  const judged = await judge(model, images.test, images.classNames);
  const onTraining = await judge(model, images.train, images.classNames);
  const metrics: TrialMetrics = {
    ...judged.judgement,
    status: history.ending.kind,
    reason: 'reason' in history.ending ? history.ending.reason : null,
    device: device.name,
    parameters: model.parameterCount,
    trainReport: onTraining.judgement.report,
  };
  await savePictures(folder, { model, images, judged, history, inspection: inspection?.recorded });
  await report.writeJson(file('metrics.json'), metrics);
  await report.writeReport(folder);
  await report.writeIndex(root);
  say(`Test accuracy ${metrics.accuracy.toFixed(4)}, macro F1 ${metrics.macroF1.toFixed(4)}`);
  return resultOf(settings, folder, metrics);
}

function train(
  model: nn.Layer,
  images: NamedData,
  settings: TrialSettings,
  how: Pick<Parameters<typeof fit>[2], 'resume' | 'signal' | 'callbacks'>,
): Promise<History> {
  const { epochs, batchSize, seed, validationSplit } = settings;
  const all = data.fromImages(images.train);
  const limited = settings.limit === null ? all : all.take(settings.limit);
  const [training, validation] =
    validationSplit > 0 ? limited.split(validationSplit) : [limited, data.fromImages(images.test)];
  const augmented = settings.augment
    ? training.map(data.augment([data.randomFlip(), data.randomCrop(4)]))
    : training;
  const steps = epochs * Math.ceil(training.count / batchSize);
  const lr =
    settings.schedule === 'cosine' ? optim.schedules.cosine(settings.lr, 0, steps) : settings.lr;
  return fit(model, augmented, {
    loss: crossEntropy,
    metrics: ['accuracy'],
    optimizer: optimizers[settings.optimizer](model.trainableVariables, lr),
    validation,
    epochs,
    batchSize,
    seed,
    ...how,
  });
}

async function resultOf(
  settings: TrialSettings,
  folder: string,
  metrics: TrialMetrics,
): Promise<TrialResult> {
  const history = (await readJson<EpochLogs[]>(join(folder, 'history.json'))) ?? [];
  const inspection = await readJson<callbacks.Inspection>(join(folder, 'inspection.json'));
  return { settings, folder, metrics, history, inspection };
}

/** The kernel of the first layer that has one. */
function firstWeight(model: nn.Layer): string {
  const named = [...model.namedVariables()];
  return (named.find(([, { trainable }]) => trainable) as [string, unknown])[0];
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
