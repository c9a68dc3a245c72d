import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from 'wgrad';
import { deviceOption, wholeNumber } from '../command/arguments.ts';
import { type ModelName, models } from '../models/registry.ts';
import { type DataName, dataSets } from '../trial/data.ts';
import { type OptimizerName, optimizers } from '../trial/optimizers.ts';
import { type TrialSettings, trial } from '../trial/settings.ts';

export interface SweepOptions {
  readonly models: readonly ModelName[];
  readonly lr: readonly number[];
  readonly optimizers: readonly OptimizerName[];
  readonly data?: DataName;
  readonly folder?: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly limit?: number;
  readonly jobs?: number;
  readonly launcher: 'local' | 'slurm' | 'command';
  readonly command?: string;
  readonly sbatch?: string;
  readonly device: DeviceChoice;
  readonly runs: string;
  readonly trial?: number;
}

/** The command line: what to combine, and how. */
export function sweepCommand(): Command {
  return new Command('npm run sweep --')
    .description(
      'Trains every combination of models, optimizers and learning rates, prints the table and draws ' +
        'it. Each training has a folder of its own below runs/; stopped at any moment, the same ' +
        'command goes on where it was.',
    )
    .requiredOption('--models <names>', `of ${Object.keys(models).join(', ')}`, list(models))
    .addOption(
      new Option('--lr <rates>', 'learning rates')
        .argParser(rates)
        .default([0.1, 0.01, 0.001, 0.0001], '0.1,0.01,0.001,0.0001'),
    )
    .addOption(
      new Option('--optimizers <names>', `of ${Object.keys(optimizers).join(', ')}`)
        .argParser(list(optimizers))
        .default(['adam'], 'adam'),
    )
    .addOption(
      new Option('--data <name>', 'images (default: those each model was made for)').choices(
        Object.keys(dataSets),
      ),
    )
    .option(
      '--folder <dir>',
      'folder with the files of the data set (default: looks for it, else downloads it)',
    )
    .option('--epochs <n>', 'of each training', wholeNumber(1), 10)
    .option('--batch-size <n>', 'images in a step', wholeNumber(1), 32)
    .option('--seed <n>', 'of first weights and order', wholeNumber(0), 0)
    .option('--limit <n>', 'use only the first so many training images', wholeNumber(1))
    .option(
      '--jobs <n>',
      'trainings at a time, each in a process of its own (default: 1; with slurm, as many as it starts)',
      wholeNumber(1),
    )
    .addOption(
      new Option(
        '--launcher <kind>',
        "what starts the trainings: this process, SLURM's job arrays, or a command of yours",
      )
        .choices(['local', 'slurm', 'command'])
        .default('local'),
    )
    .addOption(
      new Option(
        '--command <template>',
        'how the command launcher trains one: {command} stands for a line for a shell, as one word, {index} for its number',
      )
        .argParser(template)
        .implies({ launcher: 'command' }),
    )
    .addOption(
      new Option('--sbatch <options>', 'more options of sbatch, for the slurm launcher').implies({
        launcher: 'slurm',
      }),
    )
    .addOption(deviceOption())
    .option(
      '--runs <dir>',
      'folder of all runs; with other launchers one that all machines share',
      'runs',
    )
    .option(
      '--trial <n>',
      'only the combination of this number, from 0: what launchers start',
      wholeNumber(0),
    )
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  npm run sweep -- --models mnist/dnn,mnist/convnet --lr 0.01,0.001 --epochs 3\n' +
        "  npm run sweep -- --models tiny/tiny --data 'generated digits' --limit 1000\n" +
        `  npm run sweep -- --models mnist/dnn --jobs ${availableParallelism()}\n` +
        "  npm run sweep -- --models mnist/convnet --launcher slurm --sbatch '--cpus-per-task=4 --time=2:00:00'\n" +
        "  npm run sweep -- --models mnist/convnet --jobs 4 --command 'ssh node{index} {command}'",
    );
}

/** All combinations, those of a model together. */
export function trialsOf(options: SweepOptions): TrialSettings[] {
  const { epochs, batchSize, seed, limit = null } = options;
  return options.models.flatMap((model) =>
    options.optimizers.flatMap((optimizer) =>
      options.lr.map((lr) => {
        const data = options.data ?? dataOf(model);
        return trial({ model, data, optimizer, lr, epochs, batchSize, seed, limit });
      }),
    ),
  );
}

/** The images a model was made for. */
function dataOf(model: ModelName): DataName {
  if (model.startsWith('fashion/')) return 'fashion-mnist';
  return model.startsWith('cifar10/') ? 'cifar-10' : 'mnist';
}

function list<K extends string>(known: Readonly<Record<K, unknown>>): (text: string) => K[] {
  return (text) => {
    const names = new Set(text.split(',').map((name) => name.trim()));
    const wrong = [...names].find((name) => !Object.hasOwn(known, name));
    if (wrong === undefined) return [...names] as K[];
    throw new InvalidArgumentError(
      `There is no '${wrong}'. Known: ${Object.keys(known).join(', ')}.`,
    );
  };
}

function template(text: string): string {
  if (text.includes('{command}')) return text;
  throw new InvalidArgumentError("It must have {command} where the training's own stands.");
}

function rates(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isFinite(value) && value > 0)) return [...new Set(values)];
  throw new InvalidArgumentError('They must be numbers above 0, with commas between them.');
}
