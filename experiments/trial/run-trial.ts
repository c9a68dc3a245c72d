import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callbacks, DataError, type DeviceChoice, nn, openDevice, random, setDevice } from 'wgrad';
import { progressBar, report, tensorBoard } from 'wgrad/node';
import { requirePackages } from '../command/require-packages.ts';
import { importTimm } from '../models/cifar10/timm.ts';
import { buildModel } from '../models/registry.ts';
import { writeJson } from '../runs/json-file.ts';
import { judge, reportOn } from '../runs/judge.ts';
import { inspectionPictures } from '../runs/pictures.ts';
import { metricsOf, recordInterrupted, recordRun, writePages } from '../runs/record.ts';
import { loadData, type NamedData } from './data.ts';
import {
  findRun,
  finishedMetrics,
  readResult,
  runsOf,
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
 *
 * @throws DataError where the same trial goes on in another process
 */
export async function runTrial(
  settings: TrialSettings,
  options: TrialOptions = {},
): Promise<TrialResult | undefined> {
  const { root = 'runs', signal } = options;
  const known = await findRun(root, settings);
  const done = known && (await finishedMetrics(known));
  if (known && done) {
    // It may have been killed with all its numbers there and no page yet.
    if (!existsSync(join(known, report.RUN_FILES.report))) await writePages(known);
    return readResult(settings, known, done);
  }

  requirePackages();
  if (known) await goOn(known);
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
      ...(settings.validationSplit === 0 && { validation: 'test' }),
      summary: nn.summary(model, [height, width, channels]),
    }));
  if (!known) await requireFirst(root, settings, folder);
  say(`${known ? 'Going on in' : 'Writing to'} ${folder}`);
  try {
    return await trainIn(folder, { settings, model, images, device: device.name, signal });
  } catch (error) {
    // This process lives on, and must not seem to train it still.
    const { status } = await report.readRun(folder);
    const metrics = join(folder, report.RUN_FILES.metrics);
    if (status === 'running') await writeJson(metrics, { status: 'interrupted' }).catch(() => {});
    throw error;
  }
}

interface Opened {
  readonly settings: TrialSettings;
  readonly model: nn.Layer;
  readonly images: NamedData;
  /** Its name. */
  readonly device: string;
  readonly signal: AbortSignal | undefined;
}

/** Trains in the folder of a run and records what comes out; undefined where it is interrupted. */
async function trainIn(
  folder: string,
  { settings, model, images, device, signal }: Opened,
): Promise<TrialResult | undefined> {
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
    await recordInterrupted(folder, history);
    say(`Interrupted: the last checkpoint is in ${folder}`);
    return undefined;
  }
  const { test, train: trainImages, classNames } = images;
  const judged = await judge(model, test, classNames, signal);
  const trained = { model, history, device, test, judged };
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

/** Lets a run go on here, and says what in its folder is broken and will be written anew. */
async function goOn(folder: string): Promise<void> {
  const { problems } = await report.readRun(folder);
  for (const problem of problems) say(`${folder}: ${problem} It is written anew.`);
  await report.resumeRun(folder);
}

/**
 * Gives way to a process that began the same trial at the same time.
 *
 * @throws DataError where there is one
 */
async function requireFirst(root: string, settings: TrialSettings, folder: string): Promise<void> {
  for (const other of await runsOf(root, settings)) {
    if (other >= folder || (await report.readRun(other)).status !== 'running') continue;
    await rm(folder, { recursive: true });
    throw new DataError(
      `another process has just begun the same training in ${other}. ` +
        'Wait until that one has ended, or choose another folder with --runs.',
    );
  }
}

/** The name of the first kernel, if there is any. */
function firstWeight(model: nn.Layer): string[] {
  const trained = [...model.namedVariables()].filter(([, { trainable }]) => trainable);
  return trained.slice(0, 1).map(([name]) => name);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
