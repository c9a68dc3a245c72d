// Trains a grid of models and learning rates:  npm run sweep -- --help
import { GO_ON, runCommand } from '../command/run-command.ts';
import { type SweepOptions, sweepCommand } from './options.ts';
import { sweep } from './sweep.ts';

const options = sweepCommand().parse().opts<SweepOptions>();
await runCommand((signal) => sweep(options, signal), GO_ON);
