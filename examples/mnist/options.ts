import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from 'wgrad';
import { type ModelName, models } from './models.ts';
import { type OptimizerName, optimizers } from './optimizers.ts';

export interface MnistOptions {
  readonly model: ModelName;
  readonly device: DeviceChoice;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  /** Undefined: the optimizer's own. */
  readonly lr?: number;
  readonly seed: number;
  /** A folder, `synthetic`, or undefined: look for MNIST, else download it. */
  readonly data?: string;
  readonly limit?: number;
  /** The folder of all runs. */
  readonly runs: string;
  /** The folder of a run to go on with. */
  readonly resume?: string;
  readonly json?: string;
}

const EXAMPLES = `
Examples:
  npm run mnist                                              ten epochs of the smallest model
  npm run mnist -- --model convnet --epochs 1 --limit 12800  a convolutional network, some images
  npm run mnist -- --data synthetic --json result.json       without MNIST, results in a file`;

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
    .addOption(
      new Option('--device <kind>', 'what computes; auto: a GPU, else the CPU')
        .choices(['auto', 'webgpu', 'wasm'])
        .default('auto'),
    )
    .option('--epochs <n>', 'how often each training image is seen', whole(1), 10)
    .option('--batch-size <n>', 'images in a training step', whole(1), 32)
    .addOption(
      new Option('--optimizer <name>', 'what changes the weights')
        .choices(Object.keys(optimizers))
        .default('adam'),
    )
    .option(
      '--lr <x>',
      'learning rate at the start, falling evenly to 0 (default: 0.002 for adam, 0.01 for sgd, 0.001 for rmsprop)',
      learningRate,
    )
    .option('--seed <n>', 'of first weights, order and synthetic digits', whole(0), 0)
    .option(
      '--data <dir>',
      "folder with MNIST's files, or 'synthetic' for generated digits (default: looks for MNIST, else downloads it)",
    )
    .option('--limit <n>', 'use only the first so many training images', whole(1))
    .option('--runs <dir>', 'folder of all runs; each has a folder of its own there', 'runs')
    .option('--resume <dir>', 'folder of a run that was cut off, to go on with the same options')
    .option('--json <file>', 'write the results to a file', writable)
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES);
}

/** Reads the command line; ends the process where it asks for help or makes no sense. */
export function readOptions(argv: readonly string[]): MnistOptions {
  return mnistCommand().parse(argv).opts<MnistOptions>();
}

function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= LARGEST) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${LARGEST}.`);
  };
}

/** Numbers of images travel to the device as i32. */
const LARGEST = 2 ** 31 - 1;

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
