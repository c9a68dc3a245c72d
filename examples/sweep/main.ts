// Trains a grid of models and learning rates:  npm run sweep -- --help
import { closeDevice, WgradError } from '../../src/index.ts';
import { INTERRUPTED, onInterrupt } from '../mnist/interrupt.ts';
import { type SweepOptions, sweepCommand } from './options.ts';
import { sweep } from './sweep.ts';

const options = sweepCommand().parse().opts<SweepOptions>();
const signal = onInterrupt();
try {
  await sweep(options, signal);
} catch (error) {
  if (!(error instanceof WgradError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  closeDevice();
}
if (signal.aborted) process.exitCode = INTERRUPTED;
