import { dirname, join } from 'node:path';
import { data, type History, nn, openDevice, setDevice, setSeed } from 'wgrad';
import { report } from 'wgrad/node';
import { requirePackages } from '../../experiments/command/require-packages.ts';
import { judge } from '../../experiments/runs/judge.ts';
import { openRun, type Recipe } from '../../experiments/runs/open-run.ts';
import { metricsOf, recordRun, writePages } from '../../experiments/runs/record.ts';
import { loadDigits } from './digits.ts';
import { IMAGE_SHAPE, models } from './models.ts';
import { optimizers } from './optimizers.ts';
import type { MnistOptions } from './options.ts';
import { closingReport, resultOf, stopLine } from './result.ts';
import { train } from './train.ts';

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));
const FILES = report.RUN_FILES;

/** Trains a model, says how well it reads digits, and keeps all of it in a folder of its own. */
export async function run(options: MnistOptions, signal: AbortSignal): Promise<void> {
  requirePackages();
  const { device, reason } = await openDevice(options.device);
  await setDevice(device);
  console.log(`Device: ${reason}`);

  const { epochs, batchSize, optimizer, seed } = options;
  const images = await loadDigits({ data: options.data, seed, signal });
  const digits = {
    train: data.fromImages(images.train).take(options.limit ?? images.train.count),
    test: data.fromImages(images.test),
  };
  const counts = { train: digits.train.count, test: digits.test.count };
  const dataset = images.source;
  console.log(`Digits: ${counts.train} to train on, ${counts.test} to test on (${dataset})`);

  setSeed(seed);
  const model = models[options.model]().build(IMAGE_SHAPE);
  const summary = nn.summary(model, IMAGE_SHAPE);
  console.log(`Model:  ${options.model}\n\n${summary}\n`);

  const { lr = optimizers[optimizer].lr } = options;
  const recipe: Recipe = { dataset, images: counts.train, optimizer, lr, epochs, batchSize, seed };
  const folder = await openRun(options, recipe, {
    command: process.argv.slice(1).join(' '),
    device: device.name,
    parameters: model.parameterCount,
    summary,
  });
  console.log(`Run:    ${folder}\n`);
  const history = await train(model, digits, recipe, { folder, signal });
  if (history.ending.kind === 'interrupted') return stop(folder, history);

  const judged = await judge(model, images.test, DIGITS);
  console.log(closingReport(images.test.labels, judged));
  const trained = { model, history, device: device.name, test: images.test, judged };
  const metrics = metricsOf(trained);
  await recordRun(folder, trained, metrics);
  if (options.json !== undefined) {
    const about = { folder, model: options.model, dataset: { source: dataset, ...counts } };
    await report.writeJson(options.json, resultOf(about, history, metrics));
  }
  console.log(
    `\nReport: ${join(folder, FILES.report)}\nAll:    ${join(dirname(folder), 'index.html')}`,
  );
}

/** What is left of a run that Ctrl-C has ended: the page so far, and how it goes on. */
async function stop(folder: string, history: History): Promise<void> {
  console.log(stopLine(folder, history));
  await report.writeJson(join(folder, FILES.history), history.epochs);
  await report.writeJson(join(folder, FILES.metrics), { status: 'interrupted' });
  await writePages(folder);
}
