import { accessSync, constants } from 'node:fs';
import { Argument, Command, InvalidArgumentError } from 'commander';
import type { DeviceChoice } from 'wgrad';
import { deviceOption, wholeNumber } from '../command/arguments.ts';
import { reports } from './reports.ts';

export interface ReproduceOptions {
  readonly device: DeviceChoice;
  readonly epochs?: number;
  readonly only?: RegExp;
  readonly data?: string;
  readonly weights?: string;
  readonly runs: string;
  readonly page: string;
  readonly list?: boolean;
}

/** The command line: a report's name and how much of it to run. */
export function reproduceCommand(): Command {
  return new Command('npm run reproduce --')
    .description(
      'Trains every network of a published report and writes its table and pictures beside the ' +
        "authors' figures into a page. Trainings that have ended before are not run again; " +
        'one that was cut off goes on where it was.',
    )
    .addArgument(new Argument('<report>', 'which one').choices(Object.keys(reports)))
    .addOption(deviceOption())
    .option(
      '--epochs <n>',
      'at most so many epochs of each training; the table calls it open',
      wholeNumber(1),
    )
    .option('--only <regex>', 'only trainings whose description it matches (see --list)', pattern)
    .option('--list', 'list the trainings and run none')
    .option(
      '--data <dir>',
      'folder with the files of the data set (default: looks for it, else downloads it)',
    )
    .option(
      '--weights <file>',
      "safetensors file with PyTorch's ResNet-50 weights, for cifar10/resnet50 to start from",
      readable,
    )
    .option('--runs <dir>', 'folder of all runs', 'runs')
    .option('--page <file>', 'page to write the results to', 'docs/results.md')
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  npm run reproduce -- tiny\n' +
        '  npm run reproduce -- mnist-residual --only resnet --epochs 3\n' +
        '  npm run reproduce -- cifar10 --only resnet50 --weights resnet50.safetensors',
    );
}

/** Asked now rather than after the trainings that come before. */
function readable(file: string): string {
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch {
    throw new InvalidArgumentError('There is no such file that can be read.');
  }
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
