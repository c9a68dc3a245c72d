import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from 'wgrad';
import { deviceOption, wholeNumber } from '../../experiments/command/arguments.ts';
import { type ModelName, models } from './models.ts';
import { optimizers } from './optimizers.ts';

const defaultRates = Object.entries(optimizers)
  .map(([name, { lr }]) => `${lr} for ${name}`)
  .join(', ');

export interface MnistOptions {
  readonly model: ModelName;
  readonly device: DeviceChoice;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: keyof typeof optimizers;
  /** Undefined: the optimizer's own. */
  readonly lr?: number;
  readonly seed: number;
  /** A folder, `synthetic`, or undefined: look for MNIST, else download it. */
  readonly data?: string;
  readonly limit?: number;
  /** A file of weights to start from. */
  readonly weights?: string;
  /** The folder of all runs. */
  readonly runs: string;
  /** The folder of a run to go on with. */
  readonly resume?: string;
  readonly json?: string;
  /** Whether to train on all ranks that mpirun has started. */
  readonly distributed?: true;
  /** Whether to say where the time of a step goes; a text is the file for a trace. */
  readonly profile?: string | true;
}

const EXAMPLES = `
Examples:
  npm run mnist                                              ten epochs of the smallest model
  npm run mnist -- --model convnet --epochs 1 --limit 12800  a convolutional network, some images
  npm run mnist -- --data synthetic --json result.json       without MNIST, results in a file
  mpirun -n 2 npm run mnist -- --model convnet --distributed as two ranks (docs/distributed.md)`;

/** The command line: what may be asked for, and the sentences that say what may not. */
export function mnistCommand(): Command {
  return new Command('npm run mnist --')
    .description(
      'Trains a network on handwritten digits and reports how well it reads others. Each run has a ' +
        'folder with its settings, scores, pictures, weights and a page about it, report.html.',
    )
    .addOption(
      new Option('--model <name>', 'the network').choices(Object.keys(models)).default('dnn'),
    )
    .addOption(deviceOption())
    .option('--epochs <n>', 'how often each training image is seen', wholeNumber(1), 10)
    .option(
      '--batch-size <n>',
      'images in a training step, of all ranks together',
      wholeNumber(1),
      32,
    )
    .addOption(
      new Option('--optimizer <name>', 'what changes the weights')
        .choices(Object.keys(optimizers))
        .default('adam'),
    )
    .option(
      '--lr <x>',
      `learning rate at the start, falling evenly to 0 (default: ${defaultRates})`,
      learningRate,
    )
    .option('--seed <n>', 'of first weights, order and synthetic digits', wholeNumber(0), 0)
    .option(
      '--data <dir>',
      "folder with MNIST's files, or 'synthetic' for generated digits (default: looks for MNIST, else downloads it)",
    )
    .option('--limit <n>', 'use only the first so many training images', wholeNumber(1))
    .option('--weights <file>', 'weights to start from, as a run or the playground has saved them')
    .option('--runs <dir>', 'folder of all runs; each has a folder of its own there', 'runs')
    .option('--resume <dir>', 'folder of a run that was cut off, to go on with the same options')
    .option(
      '--distributed',
      'train on all ranks that mpirun has started, each on its part of every batch; without mpirun on one',
    )
    .option('--json <file>', 'write the results to a file', writable)
    .option(
      '--profile [file]',
      'when it is trained, tell which kernels a step spends its time in; with a file, write a trace for ui.perfetto.dev',
      writable,
    )
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES);
}

/** Reads the command line; ends the process where it asks for help or makes no sense. */
export function readOptions(argv: readonly string[]): MnistOptions {
  return mnistCommand().parse(argv).opts<MnistOptions>();
}

function learningRate(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** Asked now rather than when the training is done. */
function writable(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidArgumentError('It is a folder.');
  }
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`No file can be written in ${dirname(file)}.`);
  }
  return file;
}
