// Trains a network on handwritten digits and says how well it reads others:
//   npm run mnist -- --help
import { dirname, join } from 'node:path';
import {
  callbacks,
  data,
  fit,
  io,
  losses,
  metrics,
  nn,
  openDevice,
  optim,
  random,
  setDevice,
} from 'wgrad';
import { mpi } from 'wgrad/distributed';
import { progressBar, report, tensorBoard } from 'wgrad/node';
import { runCommand } from '../../experiments/command/run-command.ts';
import { judge } from '../../experiments/runs/judge.ts';
import { openRun } from '../../experiments/runs/open-run.ts';
import { metricsOf, recordInterrupted, recordRun } from '../../experiments/runs/record.ts';
import { loadDigits } from './digits.ts';
import { writeResult } from './json-result.ts';
import { IMAGE_SHAPE, models } from './models.ts';
import { optimizers } from './optimizers.ts';
import { readOptions } from './options.ts';
import { printProfile } from './step-profile.ts';

const options = readOptions(process.argv);
await runCommand(async (signal) => {
  // Of several ranks the first speaks and writes for all; the others train along.
  const world = options.distributed ? await mpi() : undefined;
  const { rank = 0, size: ranks = 1 } = world ?? {};
  const isFirst = rank === 0;
  const say = isFirst ? console.log : () => {};

  // A GPU where there is one, else all cores of the CPU.
  const { device, reason } = await openDevice(options.device);
  await setDevice(device);
  say(`Device: ${reason}${ranks > 1 ? `, for each of ${ranks} ranks` : ''}`);

  const { model: name, epochs, batchSize, optimizer, seed } = options;
  // The others find what the first has downloaded.
  if (!isFirst) await world?.barrier();
  const images = await loadDigits({ data: options.data, seed, signal, isSilent: !isFirst });
  if (isFirst) await world?.barrier();
  const train = data.fromImages(images.train).take(options.limit ?? images.train.count);
  const test = data.fromImages(images.test);
  const dataset = { source: images.source, train: train.count, test: test.count };
  say(`Digits: ${dataset.train} to train on, ${dataset.test} to test on (${dataset.source})`);

  random.seed(seed); // of the first weights
  const model = models[name]().build(IMAGE_SHAPE);
  if (options.weights !== undefined) await io.loadWeights(options.weights, model);
  const summary = nn.summary(model, IMAGE_SHAPE);
  say(`Model:  ${name}\n\n${summary}\n`);

  // The folder of this run, or with --resume the one it was begun in.
  const { lr = optimizers[optimizer].lr } = options;
  const given = { dataset: images.source, images: train.count };
  const start = options.weights === undefined ? {} : { weights: options.weights };
  const recipe = { model: name, ...given, optimizer, lr, epochs, batchSize, seed, ...start };
  const command = process.argv.slice(1).join(' ');
  const { parameterCount: parameters } = model;
  const about = { command, device: device.name, parameters, summary, validation: 'test' };
  const facts = ranks > 1 ? { ...about, ranks } : about;
  const folder = isFirst ? await openRun(options, recipe, facts) : options.runs;
  say(`Run:    ${folder}\n`);

  const times = callbacks.rankTimes();
  const checkpoint = join(folder, report.RUN_FILES.checkpoint);
  // Ever smaller steps settle the weights: the rate falls evenly to 0 at the end.
  const falling = optim.schedules.linear(lr, 0, epochs * Math.ceil(train.count / batchSize));
  const trainer = optimizers[optimizer].make(model.trainableVariables, falling);
  const history = await fit(model, train, {
    loss: losses.crossEntropy,
    metrics: ['accuracy'],
    optimizer: trainer,
    epochs,
    batchSize,
    validation: test,
    seed,
    signal, // Ctrl-C
    resume: checkpoint,
    world,
    callbacks: [
      await progressBar(), // on the first rank alone, as all that prints or writes
      callbacks.nanGuard(),
      callbacks.csvLog(join(folder, 'history.csv')),
      tensorBoard(folder),
      callbacks.checkpoint(checkpoint, { everySteps: 500 }), // what a killed run loses at most
      ...(ranks > 1 ? [times] : []),
    ],
  });
  const conclude = async () => {
    if (times.ranks.length > 0) {
      await report.writeJson(join(folder, report.RUN_FILES.ranks), times.ranks);
    }
    if (history.ending.kind === 'interrupted') {
      const { last } = history;
      const reached = last
        ? `Test accuracy ${last.valAccuracy?.toFixed(4)} after epoch ${last.epoch}.`
        : 'It was in its first epoch.';
      console.log(`\nInterrupted. ${reached} The same command with --resume ${folder} goes on.`);
      return recordInterrupted(folder, history);
    }

    const judged = await judge(model, images.test, [...'0123456789']);
    const { accuracy, macroF1 } = judged.judgement;
    const confusion = metrics.confusionMatrix(images.test.labels, judged.predictions, 10);
    console.log(`\n${metrics.formatConfusionMatrix(confusion)}\n`);
    console.log(`Test accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}`);

    const trained = { model, history, device: device.name, test: images.test, judged };
    const recorded = metricsOf(trained);
    await recordRun(folder, trained, recorded);
    if (options.json !== undefined) {
      await writeResult(options.json, { folder, model: name, dataset }, history, recorded);
    }
    if (options.profile !== undefined) {
      await printProfile(model, trainer, train.batch(batchSize), options.profile);
    }
    console.log(`\nReport: ${join(folder, report.RUN_FILES.report)}`);
    console.log(`All:    ${join(dirname(folder), 'index.html')}`);
  };
  if (isFirst) await conclude();
  await world?.finalize(); // from here on each rank ends by itself, after Ctrl-C with its code
});
